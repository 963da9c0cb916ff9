"""A boot's console as a recording in the format xen-trace/1, and back."""

import json
import re

from .board import CannotRun
from .operations import on_paper

_CONTINUED = re.compile(r"\\\n(?:\(d\d+\) )?")
_STEP = re.compile(
    r"^(?:\(d\d+\) )?@(-?[0-9a-f]+) ([^|\n]*)\|([^|\n]*)\|([0-9a-f]+)\|([^|\n!]*)$", re.M)
_COMPLAINT = re.compile(r"@(exception|privilege|no script).*")
_PAGES = {"r": "ram:0x", "f": "foreign:0x", "g": "grant:", "p": "populated:", "x": "raw:0x"}


def record(boot, machine, operations, name, seed=None):
    """The recording of a boot: its header, the initial state, a line an operation.

    Raises CannotRun when the guest did not come as far as its first line, or complained.
    """
    complaint = _COMPLAINT.search(boot.console)
    if complaint:
        raise CannotRun(f"the guest says {complaint[0]}", boot.tail)
    steps = _STEP.findall(_CONTINUED.sub("", boot.console))
    if [int(step[0], 16) for step in steps] != list(range(-1, len(steps) - 1)):
        raise CannotRun("the console misses lines of the guest", boot.tail)
    if not steps:
        ends = {"panic": "Xen died at boot", "hang": "nothing was heard from the guest",
                "exit": "QEMU ended at boot"}
        raise CannotRun(ends.get(boot.end, "the guest said nothing"), boot.tail)
    _check_memory(boot, machine)
    header = {
        "format": "xen-trace/1", "xen": boot.version or "unknown", "history": name,
        "caller": machine.caller, "window": [hex(gfn) for gfn in machine.watched],
        "ended": "hypervisor-panic" if boot.end == "panic" else boot.end}
    if machine.cpu != "cortex-a57":
        header["cpu"] = machine.cpu
    if seed is not None:
        header["seed"] = seed
    lines = [header, {"i": -1, "op": "init", **_state(steps[0], machine)}]
    for number, (operation, step) in enumerate(zip(operations, steps[1:])):
        lines.append({"i": number, **on_paper(operation), **_outcome(operation, step),
                      **_state(step, machine)})
    return lines


def _check_memory(boot, machine):
    if boot.dom0_ram is not None and boot.dom0_ram != machine.dom0_ram:
        raise CannotRun(
            f"this Xen puts domain 0's memory at GFN {boot.dom0_ram:#x}, not at"
            f" {machine.dom0_ram:#x} where the judge expects it", boot.tail)


def _optional(text):
    return None if text == "." else int(text, 16)


def _outcome(operation, step):
    """What the operation returned: the members that the format has for it."""
    rc, error, status, frames, maximum, probed = step[1].split()
    outcome = {}
    if rc != ".":
        outcome["rc"] = int(rc, 16)
    if error != ".":
        outcome["err"] = None if error == "!" else int(error, 16)
    if status != ".":
        outcome["status"] = int(status, 16)
    if frames != ".":
        outcome["nr"], outcome["max"] = int(frames, 16), int(maximum, 16)
    if operation["op"] == "probe1":
        outcome["value"] = _page(probed) or "fault"
    return outcome


def _page(word):
    """The name of a page, or None where nothing can be read."""
    if word == ".":
        return None
    if word == "s":
        return "shared_info"
    number = word[1:]
    # Frames and populated pages are counted, and so are decimal.
    if word[0] in "gp":
        number = str(int(number, 16))
    return _PAGES[word[0]] + number


def _state(step, machine):
    pages = zip(machine.watched, map(_page, step[2].split()))
    return {
        "p2m": {hex(gfn): page for gfn, page in pages if page},
        "frames": int(step[3], 16),
        "tracked": [None if gfn == "." else "0x" + gfn for gfn in step[4].split()]}


def write(lines, path):
    with open(path, "w") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")


def read(path):
    with open(path) as file:
        return [json.loads(line) for line in file]
