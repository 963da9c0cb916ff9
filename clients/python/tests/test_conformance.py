"""The protocol's conformance sessions, through each client's own transport, raw and typed."""

from __future__ import annotations

import dataclasses
import inspect
import json
import pathlib
import re
import typing
from typing import Any, Dict, Iterator, List, Tuple

import pytest
from conftest import REPOSITORY, Client

import p2mlab
from p2mlab import GFN, MFN, P2MLab, types
from p2mlab._protocol import MachineCalls, ServerCalls
from p2mlab.frames import FrameNumber

SESSIONS = sorted((REPOSITORY / "protocol" / "conformance").glob("*.ndjson"))
METHODS = {
    method["name"]: method
    for method in json.loads((REPOSITORY / "protocol" / "openrpc.json").read_text())["methods"]
}


def messages(file: pathlib.Path) -> Iterator[Tuple[Dict[str, Any], Any]]:
    """The requests of a session, those of a batch one by one, with the reply expected of each."""
    requests: List[Dict[str, Any]] = []
    replies: List[Dict[str, Any]] = []
    for line in file.read_text().splitlines():
        if line.strip():
            message = json.loads(line)
            for part in message if isinstance(message, list) else [message]:
                (requests if "method" in part else replies).append(part)
    answers = iter(replies)
    for request in requests:
        yield request, next(answers) if "id" in request else None
    assert not list(answers)


def differences(expected: Any, actual: Any, path: str = "") -> Iterator[str]:
    """Where a reply is not as expected; members that are not named are not compared."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            if name not in actual:
                yield f"{path}/{name} is missing"
            else:
                yield from differences(value, actual[name], f"{path}/{name}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for number, pair in enumerate(zip(expected, actual)):
            yield from differences(*pair, f"{path}/{number}")
    elif type(expected) is not type(actual) or expected != actual:
        yield f"{path}: expected {expected!r}, got {actual!r}"


def outcome(lab: Any, request: Dict[str, Any]) -> Dict[str, Any]:
    """What a request is answered with, as a reply."""
    try:
        return {"result": lab.call(request["method"], request.get("params"))}
    except (p2mlab.ModelError, p2mlab.RPCError) as error:
        return {"error": {"code": error.code, "message": str(error), "data": told(error)}}


def told(error: Exception) -> Any:
    """The member `data` of the error, as far as the exception has it."""
    if isinstance(error, p2mlab.RPCError):
        return error.data
    assert isinstance(error, p2mlab.ModelError)
    cost = {} if error.cost is None else {"cost": unread(error.cost)}
    return {
        **cost,
        "errno": error.name if isinstance(error, p2mlab.HypercallError) else type(error).__name__,
        "method": error.method,
        "effects": [unread(effect) for effect in error.effects],
        "violations": [unread(violation) for violation in error.violations],
    }


@pytest.mark.parametrize("file", SESSIONS, ids=lambda file: str(file.stem))
def test_a_session_is_answered_as_expected(client: Client, file: pathlib.Path) -> None:
    lab = client.start()
    for request, expected in messages(file):
        if "id" not in request:
            lab.notify(request["method"], request.get("params"))
        else:
            expected.pop("id")
            expected.pop("jsonrpc")
            assert not list(differences(expected, outcome(lab, request))), request


# Typed.


def camel(name: str) -> str:
    """The wire's name of a field or parameter."""
    return re.sub("_([a-z0-9])", lambda match: match[1].upper(), name.rstrip("_"))


def unread(value: Any) -> Any:
    """A result as it was on the wire."""
    if isinstance(value, FrameNumber):
        return hex(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        # They say nothing of what is `None`; where the wire says null, `same` knows.
        members = {camel(f.name): unread(getattr(value, f.name)) for f in dataclasses.fields(value)}
        kind = {"kind": value.kind} if hasattr(value, "kind") else {}
        return {**kind, **members}
    if isinstance(value, (tuple, list)):
        return [unread(element) for element in value]
    if isinstance(value, dict):
        return value
    return value


def same(wire: Any, value: Any) -> bool:
    """Whether a value that was read says what the wire said, no less and no more."""
    if isinstance(wire, dict) and isinstance(value, dict):
        more = [name for name in value if name not in wire and value[name] not in (None, False)]
        return not more and all(name in value and same(wire[name], value[name]) for name in wire)
    if isinstance(wire, list) and isinstance(value, list):
        return len(wire) == len(value) and all(map(same, wire, value))
    return type(wire) is type(value) and bool(wire == value)


def hex_strings(value: Any) -> Iterator[str]:
    """Frame numbers that are still the wire's strings; JSON and what a template has are documents."""
    if isinstance(value, types.ActorParameter):
        return
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from hex_strings(getattr(value, field.name))
    elif isinstance(value, tuple):
        for element in value:
            yield from hex_strings(element)
    elif isinstance(value, str) and re.fullmatch("0x[0-9a-f]+", value):
        yield value


def typed(lab: P2MLab, request: Dict[str, Any]) -> Any:
    """Makes the call with the client's method for it, and arguments of the types that it declares."""
    name = "_".join(re.sub("([A-Z])", r"_\1", word).lower() for word in request["method"].split("."))
    params = dict(request.get("params") or {})
    params.pop("workDoneToken", None)
    target: Any = lab
    if hasattr(MachineCalls, name):
        target = lab.machine(params.pop("machine", "main"))
    method = getattr(target, name)
    hints = typing.get_type_hints(method, vars(p2mlab._protocol))
    return method(
        **{
            field: argument(hints[field], params[camel(field)])
            for field in inspect.signature(method).parameters
            if camel(field) in params
        }
    )


def argument(hint: Any, value: Any) -> Any:
    """JSON as an argument of the type `hint`."""
    inner = [arg for arg in typing.get_args(hint) if arg is not type(None)]
    origin = typing.get_origin(hint)
    if hint in (GFN, MFN):
        return hint(value)
    if hint is int and isinstance(value, str):
        return int(value, 16)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint, vars(p2mlab._protocol))
        fields = [f.name for f in dataclasses.fields(hint) if camel(f.name) in value]
        if set(map(camel, fields)) != set(value):
            raise ValueError(f"{hint} is not made for {value}")
        return hint(**{field: argument(hints[field], value[camel(field)]) for field in fields})
    if origin is typing.Union:
        for option in inner:
            try:
                return argument(option, value)
            except (TypeError, ValueError):
                continue
        raise ValueError(value)
    if isinstance(value, list):
        return [argument(inner[0], element) for element in value]
    return value


def check_typed(raw: P2MLab, lab: P2MLab, request: Dict[str, Any]) -> bool:
    """Makes a call twice, on servers that are in the same state: as JSON, and with the typed method.

    Returns:
        Whether there was a result to be compared.
    """
    expected = outcome(raw, request)
    if "error" in expected and expected["error"]["code"] == -32602:
        return False  # Mistakes that Python's signatures know are not sent.
    try:
        result = typed(lab, request)
    except (p2mlab.ModelError, p2mlab.RPCError) as error:
        assert (error.code, str(error)) == (expected["error"]["code"], expected["error"]["message"])
        return False
    assert not list(hex_strings(result)), result
    answer = expected["result"]
    assert same(answer or None, unread(result)), (request, answer, result)
    return True


@pytest.mark.parametrize("file", SESSIONS, ids=lambda file: str(file.stem))
def test_typed_results_say_what_the_wire_says(lab: P2MLab, file: pathlib.Path) -> None:
    compared = 0
    with P2MLab() as raw:
        for request, _ in messages(file):
            if request["method"] in METHODS and isinstance(request.get("params") or {}, dict):
                compared += check_typed(raw, lab, request)
    assert compared


@pytest.mark.parametrize("name", METHODS)
def test_every_method_of_the_protocol_is_there(lab: P2MLab, name: str) -> None:
    example = METHODS[name].get("examples", [{"params": []}])[0]
    requests = [
        {
            "method": "domain.create",
            "params": {"domain": 1, "privileged": True, "ram": [{"gfn": "0x40000", "pages": 16}]},
        },
        {
            "method": "domain.create",
            "params": {"domain": 2, "ram": [{"gfn": "0x40000", "pages": 16}], "maxPages": 20},
        },
        {
            "method": "region.define",
            "params": {"domain": 1, "name": "bank0", "gfn": "0x38000", "pages": 64, "kind": "grant-table"},
        },
        {"method": name, "params": {p["name"]: p["value"] for p in example["params"]}},
    ]
    with P2MLab() as raw:
        for request in requests:
            check_typed(raw, lab, request)


def test_both_kinds_of_calls_have_the_same_names() -> None:
    for target, kinds in (
        ("Machine", [MachineCalls]),
        ("Server", [ServerCalls]),
    ):
        names = [name for name in vars(kinds[0]) if not name.startswith("_")]
        for prefix in ("Async", "Batch"):
            other = getattr(p2mlab._protocol, f"{prefix}{target}Calls")
            assert [name for name in vars(other) if not name.startswith("_")] == names


def test_creating_a_machine_takes_what_the_protocol_says() -> None:
    def parameters(function: Any) -> List[str]:
        return [name for name in inspect.signature(function).parameters if name != "self"]

    declared = [p for p in parameters(ServerCalls.machine_create) if p not in ("timeout", "progress")]
    for kind in (P2MLab, p2mlab.AsyncP2MLab):
        assert sorted(parameters(kind.create)) == sorted(declared)


def test_everything_that_the_protocol_names_can_be_imported() -> None:
    assert {"Outcome", "Effect", "Preset", "MachineInfo"} <= set(p2mlab._protocol.__all__)
    for name in p2mlab._protocol.__all__:
        assert hasattr(types, name)
