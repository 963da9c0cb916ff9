#!/usr/bin/env python3
"""A seeded fuzzer of the server: framing, envelope and every method, many inputs to one process.

    Tests/robustness/fuzz.py --seed 1 --inputs 20000
    Tests/robustness/fuzz.py --minutes 30            # goes on with seed after seed
    Tests/robustness/fuzz.py --replay FILE           # sends a reproduction again

It fails where the server ends or falls silent, where stdout has anything but well-formed messages,
where a request with an id is not answered exactly once, where a `server.info` after an input is not
answered, where a result is not as its schema says (with the package jsonschema), and where memory
grows beyond a bound. A failure is shrunk, and written to a file that reproduces it.
"""

import argparse
import json
import pathlib
import shlex
import sys
import time
from collections import Counter

import corpus
import wire
from generator import Generator

MEBIBYTE = 1 << 20
# Inputs that are under way at once, and to one process.
ROUND, LIFE = 32, 4096
# One result of so many is compared with its schema: that takes longer than all else.
VALIDATED = 16


def probes(number, junk, framing):
    """Requests that show that the server is in step, and the id of the last.

    A wrong length costs at most the two messages behind it, so that the third one is answered.
    """
    count = 3 if junk and framing == wire.HEADERS else 1
    names = [f"probe {number} {k}" for k in range(count)]
    return b"".join(wire.frame(wire.request("server.info", id=name), framing) for name in names), names[-1]


class Run:
    """Inputs sent to one server process."""

    def __init__(self, options, framing, timeout=30.0):
        self.server = wire.Server(options.server, framing, timeout)
        self.framing = framing
        self.limit = options.memory * MEBIBYTE
        self.validators = options.validators
        self.results = 0
        self.answered = 0
        # The connection's framing is decided by its first byte.
        self.server.ask("server.info", id="first")

    def send(self, inputs, first=0):
        """Sends inputs, each with a probe behind it, and checks what comes back."""
        self.answered = 0
        data, last = [], []
        for number, one in enumerate(inputs, first):
            probe, name = probes(number, one.ids is None, self.framing)
            data += [one.data, probe]
            last.append(name)
        waiting = iter(last)
        self.awaited, replies = next(waiting), []

        def is_done(text):
            message = wire.parse(text)
            if isinstance(message, dict) and message.get("id") == self.awaited:
                if "result" not in message:
                    raise wire.Fault(f"a server.info was answered with {text[:200]!r}")
                self._check(inputs[self.answered], replies)
                replies.clear()
                self.answered += 1
                self.awaited = next(waiting, None)
            else:
                replies.append(message)
            return self.awaited is None

        self.server.exchange(b"".join(data), is_done)
        resident = self.server.resident()
        if resident > self.limit:
            raise wire.Fault(f"{resident >> 20} MiB of memory are resident")

    def _check(self, sent, replies):
        if sent.ids is None:
            return
        told = Counter(id for reply in replies for id in wire.ids(reply) if id is not None)
        if told != Counter(sent.ids.keys()):
            missing, extra = Counter(sent.ids) - told, told - Counter(sent.ids.keys())
            raise wire.Fault(f"not answered once: missing {list(missing)[:3]}, extra {list(extra)[:3]}")
        for reply in replies:
            for one in reply if isinstance(reply, list) else [reply]:
                self._validate(sent.ids.get(one.get("id")), one)

    def _validate(self, method, reply):
        if "result" not in reply or not isinstance(method, str) or method not in self.validators:
            return
        self.results += 1
        if self.results % VALIDATED == 0:
            for error in self.validators[method].iter_errors(reply["result"]):
                raise wire.Fault(f"the result of {method} is not as declared: {error.message[:200]}")


def fault_of(options, framing, inputs):
    """What goes wrong with these inputs to a fresh server, or None."""
    run = None
    try:
        run = Run(options, framing, timeout=10)
        for start in range(0, len(inputs), ROUND):
            run.send(inputs[start : start + ROUND], start)
    except wire.Fault as fault:
        return fault
    finally:
        if run:
            run.server.kill()
    return None


def shrunk(items, fails, seconds=90):
    """Fewer items that still fail: halves, then quarters, and so on are left out."""
    end = time.monotonic() + seconds
    size = max(1, len(items) // 2)
    while time.monotonic() < end:
        start, removed = 0, False
        while start < len(items) and time.monotonic() < end:
            fewer = items[:start] + items[start + size :]
            if fewer != items and fails(fewer):
                items, removed = fewer, True
            else:
                start += size
        if size == 1 and not removed:
            break
        size = max(1, size // 2)
    return items


def report(options, seed, number, framing, history, fault):
    """Shrinks a failure, writes its file, and tells of it."""
    print(f"FAILED: seed {seed}, {framing}, input {number}: {fault}")
    inputs = history
    if fault_of(options, framing, history):
        inputs = shrunk(history, lambda few: bool(few) and bool(fault_of(options, framing, few)))
        fault = fault_of(options, framing, inputs) or fault
    else:
        print("  it does not fail again when the same inputs are sent to a fresh server")
    if len(inputs) == 1 and inputs[0].ids is None:
        def still_fails(data):
            return bool(fault_of(options, framing, [inputs[0]._replace(data=data)]))
        inputs = [inputs[0]._replace(data=shrunk(inputs[0].data, still_fails))]
    data = b""
    for index, one in enumerate(inputs):
        data += one.data + probes(index, one.ids is None, framing)[0]
    file = pathlib.Path(options.failures) / f"fuzz-{seed}-{number}.{framing}"
    file.write_bytes(data)
    print(f"  {len(inputs)} inputs, {len(data)} bytes: {fault}\n  {shlex.join(options.server)} < {file}")


def fuzz(options, seed, framing, count, until):
    """Sends `count` inputs; returns how many were sent, and whether all went well."""
    generator = Generator(f"{seed} {framing}", framing)
    sent, run = 0, None
    while sent < count and time.monotonic() < until:
        run, history = None, []
        try:
            run = Run(options, framing)
            while len(history) < LIFE and sent < count and time.monotonic() < until:
                inputs = [generator.next() for _ in range(min(ROUND, count - sent))]
                history += inputs
                run.send(inputs, len(history) - len(inputs))
                sent += len(inputs)
            rest, code = run.server.finish()
            if rest or code != 0:
                raise wire.Fault(f"at the end of input it answered {rest[:1]}, and ended with {code}")
        except wire.Fault as fault:
            number = sent + (run.answered if run else 0)
            report(options, seed, number, framing, history, fault)
            return number, False
        finally:
            if run:
                run.server.kill()
    return sent, True


def replay(options):
    """Sends a file again; the framing is its first byte's."""
    data = pathlib.Path(options.replay).read_bytes()
    framing = wire.HEADERS if options.replay.endswith(wire.HEADERS) else wire.NDJSON
    server = wire.Server(options.server + ["--framing", framing], framing)
    replies, code = server.finish(data)
    for reply in replies:
        print(json.dumps(wire.parse(reply))[:160])
    print(f"{len(replies)} replies, exit code {code}")
    return 0 if code == 0 else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=20_000, help="for each framing and seed")
    parser.add_argument("--minutes", type=float, help="go on with seed after seed for so long")
    parser.add_argument("--server", type=shlex.split, default=corpus.DEFAULT_SERVER, metavar="CMD")
    parser.add_argument("--memory", type=int, default=512, metavar="MIB", help="resident at most")
    parser.add_argument("--failures", default=".", metavar="FOLDER", help="where reproductions go")
    parser.add_argument("--replay", metavar="FILE", help="send a reproduction, and tell the replies")
    options = parser.parse_args()
    if options.replay:
        return replay(options)
    options.validators = corpus.validators()
    start, seed, total, well = time.monotonic(), options.seed, 0, True
    until = start + options.minutes * 60 if options.minutes else float("inf")
    while True:
        for framing in wire.FRAMINGS:
            sent, went_well = fuzz(options, seed, framing, options.inputs, until)
            total, well = total + sent, well and went_well
        seed += 1
        if not options.minutes or time.monotonic() >= until:
            break
        print(f"{total} inputs", end="\r", flush=True)
    seconds = time.monotonic() - start
    print(f"{total} inputs, seeds {options.seed} to {seed - 1}, both framings, {seconds:.0f} s: "
          + ("no failure" if well else "FAILED"))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
