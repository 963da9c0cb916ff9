"""What a shard does on a server. The same shard has the same result, wherever and whenever it is done."""

from __future__ import annotations

import random
from typing import Any, Dict, List, Optional, Sequence, cast

from ..errors import HypercallError, ModelError
from ..histories import Script, Window, operations, set_up
from ..lab import P2MLab
from ..pending import Pending
from ..types import ExploredMethod, Property
from .plan import Shard, methods

Request = Dict[str, Any]


def do(shard: Shard, lab: P2MLab) -> Dict[str, Any]:
    """Does the work of `shard`.

    Returns:
        A JSON object: `violated`, how often by property; `counterexamples`, the shortest by property; and
        what its kind counts.
    """
    return explore(shard, lab) if shard.kind == "explore" else play(shard, lab)


# Explorations.


def explore(shard: Shard, lab: P2MLab) -> Dict[str, Any]:
    """Looks at all states of the window, and tells each property's first violation."""
    window = Window.parse(shard.window)
    found = lab.explore_run(
        preset=shard.preset,
        gfns=window.gfns,
        frames=window.frames,
        foreign_pages=window.foreign_pages,
        vcpus=window.vcpus,
        operations=cast(Sequence[ExploredMethod], methods(shard.alphabet)),
        properties=shard.properties,
        max_states=shard.max_states,
        keep_going=True,
    )
    return {
        "verdict": found.verdict,
        "boundedBy": found.bounded_by,
        "states": found.states,
        "transitions": found.transitions,
        "depth": found.depth,
        "violated": {violation.property: 1 for violation in found.violations or ()},
        "counterexamples": {
            violation.property: counterexample(found.setup, violation.trace)
            for violation in found.violations or ()
        },
    }


def counterexample(setup: Sequence[Request], trace: Sequence[Request]) -> Dict[str, Any]:
    """A history and how long it is; its requests are those of a session on a fresh server."""
    requests = [
        {"method": request["method"], "params": request.get("params", {})} for request in [*setup, *trace]
    ]
    return {"operations": len(trace), "requests": requests}


# Random histories.


def play(shard: Shard, lab: P2MLab) -> Dict[str, Any]:
    """Plays random histories, and shrinks the shortest that violates each property."""
    assert shard.histories is not None and shard.seed is not None
    drawn = random.Random(f"{shard.seed} {shard.window} {shard.alphabet}")
    failed, differing = 0, 0
    violated: Dict[Property, int] = {}
    shortest: Dict[Property, List[Request]] = {}
    difference: Optional[List[Request]] = None
    for _ in range(shard.histories):
        history = draw(shard, drawn)
        calls = carry_out(shard, lab, history)
        failed += sum(isinstance(call.exception(), HypercallError) for call in calls)
        for name, number in first_violations(shard, calls).items():
            violated[name] = violated.get(name, 0) + 1
            if name not in shortest or number + 1 < len(shortest[name]):
                shortest[name] = history[: number + 1]
        parted = parting(shard, lab, history)
        if parted is not None:
            differing += 1
            if difference is None or len(parted) < len(difference):
                difference = parted
    told = {
        "histories": shard.histories,
        "failedOperations": failed,
        "violated": violated,
        "counterexamples": {name: shrunk(shard, lab, name, shortest[name]) for name in sorted(shortest)},
    }
    if shard.against is not None:
        told["differing"] = differing
        told["difference"] = None if difference is None else shorter(shard, lab, difference)
    return told


def draw(shard: Shard, drawn: random.Random) -> List[Request]:
    """A random history: each method is as likely as another."""
    assert shard.length is not None
    window = Window.parse(shard.window)
    known = list(operations(window, methods(shard.alphabet)).values())
    script = Script()
    set_up(script, window)
    for _ in range(shard.length):
        drawn.choice(drawn.choice(known))(script)
    return script.requests


def carry_out(shard: Shard, lab: P2MLab, history: Sequence[Request]) -> List[Pending[Any]]:
    """Carries a history out on a fresh machine."""
    lab.main.machine_delete()
    lab.create("main", preset=shard.preset)
    with lab.batch() as batch:
        return [batch.call(request["method"], request["params"]) for request in history]


def first_violations(shard: Shard, calls: Sequence[Pending[Any]]) -> Dict[Property, int]:
    """Which operation violated each of the shard's properties first."""
    first: Dict[Property, int] = {}
    for number, call in enumerate(calls):
        try:
            names = [violation["property"] for violation in call.result().get("violations", ())]
        except ModelError as error:
            names = [violation.property for violation in error.violations]
        for name in names:
            if name in shard.properties:
                first.setdefault(name, number)
    return first


def shrunk(shard: Shard, lab: P2MLab, name: Property, history: List[Request]) -> Dict[str, Any]:
    """The shortest history that the server makes of `history`, and that violates the property."""
    found = lab.main.shrink_run(property=name, requests=history, preset=shard.preset)
    return replayable(shard, list(found.requests))


def replayable(shard: Shard, requests: Sequence[Request]) -> Dict[str, Any]:
    """A history with what makes its machine on a fresh server."""
    made = [request for request in requests if request["method"] == "domain.create"]
    machine: List[Request] = [
        {"method": "machine.delete"},
        {"method": "machine.create", "params": {"machine": "main", "preset": shard.preset}},
    ]
    told = counterexample(machine, requests)
    return {**told, "operations": len(requests) - len(made)}


# Differences between presets.


def parting(shard: Shard, lab: P2MLab, history: List[Request]) -> Optional[List[Request]]:
    """The history up to where the replies of the two presets part, if they do."""
    if shard.against is None:
        return None
    told = lab.main.compare_run(presets=[shard.preset, shard.against], requests=history)
    if told.first_difference is None:
        return None
    return history[: told.first_difference.number + 1]


def shorter(shard: Shard, lab: P2MLab, history: List[Request]) -> Dict[str, Any]:
    """The same without each request that is not needed for the presets to part."""
    for number in reversed(range(len(history) - 1)):
        tried = parting(shard, lab, history[:number] + history[number + 1 :])
        if tried is not None:
            history = tried
    return replayable(shard, history)
