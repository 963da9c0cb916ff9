#!/usr/bin/env python3
"""Check a server against the conformance sessions and the envelope, in both framings.

    protocol/conformance/run.py -- p2mlab serve
    protocol/conformance/run.py --only ndjson -- ssh host my-server

Prints a line for each failure, then how many there were. Exit codes: 0 all as expected, 1 something
is not, 2 the server could not be started or a file not read. Needs Python 3.9, and nothing else.
"""

import argparse
import json
import pathlib
import sys

import wire

HERE = pathlib.Path(__file__).resolve().parent
PROBE = "is it in step?"


def difference(expected, actual, path=""):
    """Where a reply is not as expected, or None; members that are not expected are not compared."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            if name not in actual:
                return f"{path}/{name}: expected {json.dumps(value)}, got nothing"
            found = difference(value, actual[name], f"{path}/{name}")
            if found:
                return found
        return None
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual))
        return next(filter(None, (difference(e, a, f"{path}/{k}") for k, (e, a) in pairs)), None)
    if type(expected) is type(actual) and expected == actual:
        return None
    return f"{path or '/'}: expected {json.dumps(expected)[:200]}, got {json.dumps(actual)[:200]}"


def compare(expected, actual):
    """The first difference between two lists of messages, or None."""
    for number, (wanted, got) in enumerate(zip(expected, actual), 1):
        found = difference(wanted, got)
        if found:
            return f"reply {number}: {found}"
    if len(expected) != len(actual):
        return f"expected {len(expected)} replies, got {len(actual)}: {json.dumps(actual)[:300]}"
    return None


# Sessions.


def check_session(file, command, framing):
    """Plays a session on a server of its own."""
    requests, expected = [], []
    for line in file.read_bytes().splitlines():
        if not line.strip():
            continue
        message = json.loads(line)
        first = message[0] if isinstance(message, list) else message
        if "method" in first:
            requests.append(line)
        else:
            expected.append(message)
    with wire.Server(command, framing) as server:
        data = b"".join(wire.frame(request, framing) for request in requests)
        replies, code = server.finish(data)
    actual = [wire.parse(reply) for reply in replies]
    actual = [m for m in actual if isinstance(m, list) or "method" not in m]
    return compare(expected, actual) or (f"the server ended with {code}" if code else None)


# The envelope.


def text_of(case):
    """The bytes that a case sends."""
    if "sendHex" in case:
        return bytes.fromhex(case["sendHex"])
    send = case["send"]
    if isinstance(send, dict):
        send = send.get("prefix", "") + send["unit"] * send["times"] + send.get("suffix", "")
    return send.encode()


def replies_of(case):
    """The messages that a case expects."""
    expected = case["expect"]
    if expected is None:
        return []
    if isinstance(expected, dict) and "replies" in expected:
        return expected["replies"]
    return [expected]


def check_alone(case, command, framing):
    """A case that is the whole input of a server, or its beginning."""
    data = text_of(case)
    asks = not case.get("end") and "exit" not in case
    if asks:
        data += wire.frame(wire.request("server.info", id=PROBE), framing)
    with wire.Server(command, framing) as server:
        replies, code = server.finish(data)
    expected = replies_of(case) + ([{"id": PROBE, "result": {}}] if asks else [])
    fault = compare(expected, [wire.parse(reply) for reply in replies])
    if not fault and code != case.get("exit", 0):
        fault = f"the server ended with {code}"
    return fault


def check_among_others(case, server):
    """A case on a connection that goes on: what it answers, and that a request behind it is served."""
    data = text_of(case)
    if not case.get("raw"):
        data = wire.frame(data, server.framing)
    data += wire.frame(wire.request("server.info", id=PROBE), server.framing)

    def is_last(message):
        return PROBE.encode() in message and PROBE in wire.ids(wire.parse(message))

    replies = [wire.parse(reply) for reply in server.exchange(data, is_last)]
    return compare([*replies_of(case), {"id": PROBE, "result": {}}], replies)


class Envelope:
    """The cases of envelope.json against one server, started again where a case has ended it."""

    def __init__(self, command, framing):
        self.command, self.framing, self.server = command, framing, None

    def check(self, case):
        if case.get("fresh"):
            return check_alone(case, self.command, self.framing)
        try:
            if not self.server:
                self.server = wire.Server(self.command, self.framing)
                self.server.ask("server.info")
            return check_among_others(case, self.server)
        except wire.Fault:
            self.close()
            raise

    def close(self):
        if self.server:
            self.server.kill()
            self.server = None


def cases(command, framing):
    """Every case for one framing: a name, and what checks it."""
    for file in sorted(HERE.glob("*.ndjson")):
        yield file.name, lambda file=file: check_session(file, command, framing)
    envelope = Envelope(command, framing)
    for case in json.loads((HERE / "envelope.json").read_text(encoding="utf-8")):
        if case.get("framing", framing) == framing:
            yield "envelope.json: " + case["name"], lambda case=case: envelope.check(case)
    envelope.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", choices=wire.FRAMINGS, help="check one framing")
    parser.add_argument("command", nargs="+", help="the server, after --")
    options = parser.parse_args()
    count, failures = 0, 0
    for framing in [options.only] if options.only else wire.FRAMINGS:
        for name, check in cases(options.command, framing):
            try:
                fault = check()
            except wire.Fault as error:
                fault = str(error)
            count += 1
            failures += fault is not None
            if fault:
                print(f"{framing}: {name}: {fault}")
    print(f"{count} cases, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
