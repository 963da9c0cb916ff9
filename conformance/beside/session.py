"""p2mlab's sessions as histories that a booted guest can play, and histories as sessions.

A session acts on domains and GFNs of its own choice; the booted machine has one domain that acts,
one other, and memory where Xen put it. So domains become the caller and the other one, and GFNs
become those of the booted machine that stand for the same: RAM for RAM, nothing for nothing. What
no guest can do to itself is named, never left out silently.
"""

import json
from dataclasses import dataclass, field

from .machine import DOM1_PAGES, DOM0_PAGES, OFFERED, OWN, WINDOW_LIMIT, Machine
from .operations import (
    DECREASE_RESERVATION, DOMID_SELF, POPULATE_PHYSMAP, SPACE_GRANT_TABLE,
    SPACE_SHARED_INFO)

# Requests that only look, or only concern the model.
_OBSERVATIONS = (
    "rpc.", "server.", "resource.", "region.", "session.", "check.", "initialize", "shutdown",
    "exit", "$/", "machine.list", "machine.get", "machine.presets", "domain.list", "domain.get",
    "physmap.query", "array.query", "frame.query", "snapshot.create", "snapshot.list",
    "snapshot.delete", "history.list")
_ACTS = {
    "grantTable.setup", "grantTable.query", "grantFrame.map", "foreignPage.map", "sharedInfo.map",
    "page.populate", "page.decrease", "physmap.unmap"}
# Beyond this a GFN is a statement about the P2M's limit, and stays as it is.
_FAR = 2**28
_EMPTY, _UNBACKED, _UNKNOWN_DOMAIN = 0x100000, 0x90000, 7


class Unplayable(Exception):
    """Why a request cannot be played."""


@dataclass
class Part:
    """What one of a session's machines has to play."""

    name: str
    machine: Machine = None
    operations: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def parts(text, cpu=None):
    """The playable parts of a session, one for each machine that it uses."""
    machines = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            message = json.loads(line)
        except ValueError as error:
            raise ValueError(f"line {number} of the session is not JSON: {error}") from None
        for request in message if isinstance(message, list) else [message]:
            if not isinstance(request, dict) or "method" not in request:
                continue
            params = request.get("params") or {}
            name = params.get("machine", "main") if isinstance(params, dict) else "main"
            machines.setdefault(name, []).append((number, request["method"], params))
    return [_Translation(name, requests, cpu).part for name, requests in machines.items()
            if any(method in _ACTS for _, method, _ in requests)]


class _Translation:
    def __init__(self, name, requests, cpu):
        self.part = Part(name)
        self.domains, self.cpu = {}, cpu or "cortex-a57"
        self.forced_cpu = cpu is not None
        try:
            acts = self.set_up(requests)
            self.choose_caller(acts)
        except Unplayable as reason:
            self.note(None, f"nothing of it can be played: {reason}")
            return
        self.places = {}
        translated = []
        for number, method, params in acts:
            try:
                translated.append(self.operation(method, params))
            except Unplayable as reason:
                self.note(number, f"{method} cannot be played: {reason}")
            except (KeyError, TypeError, ValueError):
                self.note(number, f"{method} cannot be played: its params are not in order")
        self.part.operations = translated
        self.part.machine = Machine(self.caller, self.cpu, window=self.window())

    def note(self, number, text):
        self.part.notes.append(text if number is None else f"line {number}: {text}")

    # What there is.

    def set_up(self, requests):
        """Reads the machine and its domains; returns the requests that act."""
        acts = []
        for number, method, params in requests:
            if not isinstance(params, dict):
                self.note(number, f"{method} cannot be played: its params have no names")
            elif method == "machine.create":
                self.create_machine(number, params)
            elif method == "domain.create":
                self.domains[params.get("domain")] = params
            elif method in _ACTS:
                acts.append((number, method, params))
            elif method in ("machine.reset", "machine.delete", "domain.destroy", "history.undo",
                            "history.redo", "snapshot.restore"):
                if acts:
                    self.note(number, f"{method} cannot be played: Xen does not go back; played"
                                      " up to here")
                    break
            elif not method.startswith(_OBSERVATIONS):
                self.note(number, f"{method} cannot be played: no guest can ask for it")
        return acts

    def create_machine(self, number, params):
        if str(params.get("preset", "")).startswith("x86"):
            raise Unplayable("it is about x86, and this bench boots Arm")
        if not self.forced_cpu:
            self.cpu = params.get("cpu", self.cpu)
        if params.get("maxGrantFrames", 64) != 64:
            self.note(number, "the booted domains may have 64 grant frames, whatever it says")
        if "p2mPoolPages" in params:
            self.note(number, "the booted domains have Xen's usual pool of page tables")

    def choose_caller(self, acts):
        """Who maps foreign pages must be the caller; else who does most."""
        if not acts:
            raise Unplayable("nobody does anything")
        actors = [params.get("domain") for _, method, params in acts
                  if method == "foreignPage.map"]
        actors = actors or [params.get("domain") for _, _, params in acts]
        self.actor = max(actors, key=actors.count)
        others = [params.get("from", {}).get("domain") for _, method, params in acts
                  if method == "foreignPage.map"] + list(self.domains)
        self.peer = next(
            (domain for domain in others if domain in self.domains and domain != self.actor), None)
        described = self.domains.get(self.actor, {})
        if described.get("directMapped"):
            self.caller = "dom0"
        else:
            self.caller = "privileged-domU" if described.get("privileged") else "domU"
        self.booted = Machine(self.caller, self.cpu)

    # Where things are.

    def domain(self, domain):
        if domain == self.actor:
            return self.booted.caller_id
        if domain == self.peer and domain is not None:
            return self.booted.other_id
        if domain in self.domains:
            raise Unplayable(f"domain {domain} is a third one, and two are booted")
        # Special numbers mean what they mean; one that nobody has is 7 here.
        return domain if domain >= 0x7FF0 else _UNKNOWN_DOMAIN

    def gfn(self, value, domain):
        """The booted GFN that stands for a session's GFN in the caller, or in the other domain."""
        gfn = _number(value)
        if gfn >= _FAR:
            return gfn
        return self.places.setdefault((domain, gfn), self.place(gfn, domain))

    def place(self, gfn, domain):
        ours = domain == self.actor
        ram = any(_number(range["gfn"]) <= gfn < _number(range["gfn"]) + range["pages"]
                  for range in self.domains.get(domain, {}).get("ram", ()))
        if ram:
            base = self.booted.own_ram + OWN if ours else self.booted.other_ram + OFFERED
        else:
            base = _EMPTY if ours else _UNBACKED
        taken = set(place for (_, _), place in self.places.items())
        return next(place for place in range(base, base + 0x200) if place not in taken)

    def window(self):
        ours = sorted(place for (domain, _), place in self.places.items() if domain == self.actor)
        if len(ours) > WINDOW_LIMIT:
            self.note(None, f"{len(ours)} GFNs are used, and {WINDOW_LIMIT} are watched")
        return tuple(ours[:WINDOW_LIMIT]) or self.booted.usual_window()

    # What is done.

    def operation(self, method, params):
        if params.get("status"):
            raise Unplayable("Arm has no status frames")
        if params.get("order"):
            raise Unplayable("recordings have no superpages")
        by_caller = params.get("domain") == self.actor
        if not by_caller and self.domain(params.get("domain")) != self.booted.other_id:
            raise Unplayable(f"there is no domain {params.get('domain')}")
        if not by_caller and self.caller == "domU":
            raise Unplayable("an unprivileged caller cannot act on another domain")
        return (self.own if by_caller else self.others)(method, params)

    def own(self, method, params):
        if method == "grantTable.setup":
            return {"op": "grow", "want": params["frames"]}
        if method == "grantTable.query":
            return {"op": "querySize"}
        gfn = self.gfn(params["gfn"], self.actor)
        if method == "grantFrame.map":
            return {"op": "mapGrant", "frame": _number(params["frame"]), "gfn": gfn}
        if method == "sharedInfo.map":
            return {"op": "mapSharedInfo", "idx": _number(params.get("index", 0)), "gfn": gfn}
        if method == "foreignPage.map":
            owner = params["from"]["domain"]
            source = self.gfn(params["from"]["gfn"], owner)
            return {"op": "mapForeign", "domid": self.domain(owner), "fgfn": source, "gfn": gfn}
        name = {"page.populate": "populate", "page.decrease": "decrease", "physmap.unmap": "unmap"}
        return {"op": name[method], "gfn": gfn}

    def others(self, method, params):
        """What the caller does to the other domain in that domain's stead."""
        domid = self.booted.other_id
        if method in ("grantTable.setup", "grantTable.query", "foreignPage.map"):
            raise Unplayable("only the domain itself can do that, and the other one idles")
        gfn = self.gfn(params["gfn"], params["domain"])
        if method == "physmap.unmap":
            return {"op": "remOther", "domid": domid, "gfn": gfn}
        commands = {"page.populate": POPULATE_PHYSMAP, "page.decrease": DECREASE_RESERVATION}
        if method in commands:
            return {"op": "resv", "cmd": commands[method], "domid": domid, "gfn": gfn}
        grant = method == "grantFrame.map"
        return {"op": "addPhys", "domid": domid,
                "space": SPACE_GRANT_TABLE if grant else SPACE_SHARED_INFO,
                "idx": _number(params["frame"] if grant else params.get("index", 0)), "gfn": gfn}


def _number(value):
    return int(value, 16) if isinstance(value, str) else value


# Histories as sessions.

def session(machine, operations, preset, text):
    """A history as NDJSON that `p2mlab run` and `serve` understand; `text` says what it shows."""
    requests = [("session.note", {"text": text})]
    create = {"preset": preset}
    if machine.cpu != "cortex-a57":
        create["cpu"] = machine.cpu
    requests.append(("machine.create", create))
    for domain, privileged in ((0, True), (1, machine.caller == "privileged-domU")):
        pages = DOM1_PAGES if domain else DOM0_PAGES
        requests.append(("domain.create", {
            "domain": domain, "privileged": privileged, "directMapped": domain == 0,
            "ram": [{"gfn": hex(machine.ram(domain)), "pages": pages}]}))
    requests += [_request(machine, operation) for operation in operations]
    lines, identifier = [], 0
    for method, params in requests:
        message = {"jsonrpc": "2.0"}
        if method != "session.note":
            identifier += 1
            message["id"] = identifier
        message |= {"method": method, "params": {"machine": "beside", **params}}
        if method == "session.note":
            del message["params"]["machine"]
        lines.append(json.dumps(message, separators=(",", ":")))
    return "\n".join(lines) + "\n"


def _request(machine, operation):
    kind, caller = operation["op"], machine.caller_id

    def on(domain, method, **params):
        return method, {"domain": domain, "gfn": hex(operation["gfn"]), **params}

    if kind in ("addPhys", "batch"):
        domain = operation.get("domid", DOMID_SELF)
        domain = caller if domain == DOMID_SELF else domain
        if operation["space"] == SPACE_GRANT_TABLE:
            return on(domain, "grantFrame.map", frame=_index(operation["idx"]))
        if operation["space"] == SPACE_SHARED_INFO:
            return on(domain, "sharedInfo.map", index=_index(operation["idx"]))
    commands = {POPULATE_PHYSMAP: "page.populate", DECREASE_RESERVATION: "page.decrease"}
    simple = {"unmap": "physmap.unmap", "populate": "page.populate", "decrease": "page.decrease"}
    if kind in simple:
        return on(caller, simple[kind])
    if kind == "mapGrant":
        return on(caller, "grantFrame.map", frame=_index(operation["frame"]))
    if kind == "mapSharedInfo":
        return on(caller, "sharedInfo.map", index=operation["idx"])
    if kind == "mapForeign":
        source = {"domain": operation["domid"], "gfn": hex(operation["fgfn"])}
        return "foreignPage.map", {"domain": caller, "gfn": hex(operation["gfn"]), "from": source}
    if kind == "remOther":
        return on(operation["domid"], "physmap.unmap")
    if kind == "resv":
        return on(operation["domid"], commands[operation["cmd"]])
    if kind == "grow":
        return "grantTable.setup", {"domain": caller, "frames": operation["want"]}
    if kind == "querySize":
        return "grantTable.query", {"domain": caller}
    return "session.note", {"text": "here the guest made: " + json.dumps(operation)}


def _index(value):
    return value if value < 2**53 else hex(value)
