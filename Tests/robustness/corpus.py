"""What the robustness tests send: the sessions and declarations of the project, and pieces of them."""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "protocol/conformance"))

OPENRPC = json.loads((ROOT / "protocol/openrpc.json").read_text())
DEFAULT_SERVER = [str(ROOT / ".build/release/p2mlab"), "serve"]


def sessions():
    """The requests of every session, file by file, as values."""
    files = sorted(ROOT.glob("protocol/conformance/*.ndjson")) + sorted(ROOT.glob("examples/*.ndjson"))
    for file in files:
        messages = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
        yield file, [m for m in messages if isinstance(m, dict) and "method" in m]


def methods():
    """The methods that are declared: name, parameters, schema of the result."""
    return {m["name"]: m for m in OPENRPC["methods"]}


def validators():
    """What tells the faults of a method's result, by method; none without the package jsonschema."""
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        return {}
    shared = {"components": OPENRPC["components"]}
    return {
        name: Draft202012Validator({**method["result"]["schema"], **shared})
        for name, method in methods().items()
    }
