#!/usr/bin/env python3
"""Check the generated documents with other people's eyes.

The OpenRPC document is read by the `openrpc` package's model; each JSON Schema is checked against
its meta-schema (2020-12), and each example against the schemas of its method. Needs the packages
`openrpc` and `jsonschema`. Exits with 1 and says where if something does not fit.
"""
import json
import pathlib
import sys

from jsonschema import Draft202012Validator
from openrpc import OpenRPC
from referencing import Registry, Resource

HERE = pathlib.Path(__file__).parent


def read_schemas():
    registry = Registry()
    names = []
    for path in sorted((HERE / "schemas").glob("*.json")):
        schema = json.loads(path.read_text())
        Draft202012Validator.check_schema(schema)
        registry = registry.with_resource(schema["$id"], Resource.from_contents(schema))
        names.append(schema["$id"])
    return registry, names


def faults_of_examples(methods, registry):
    for method in methods:
        for example in method.get("examples", []):
            params = {param["name"]: param["value"] for param in example["params"]}
            result = example["result"]["value"]
            for what, value in ("params", params), ("result", result):
                schema = registry.contents(f"{method['name']}.{what}.json")
                for error in Draft202012Validator(schema, registry=registry).iter_errors(value):
                    yield f"{method['name']} {what}{error.json_path[1:]}: {error.message}"


def main():
    document = json.loads((HERE / "openrpc.json").read_text())
    model = OpenRPC(**document)
    registry, names = read_schemas()
    faults = list(faults_of_examples(document["methods"], registry))
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(model.methods)} methods, {len(names)} schemas, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
