#!/usr/bin/env python3
"""Kills a recording server at random moments: nothing that was answered is lost, nothing is invented.

    Tests/robustness/kill9.py                     # 200 kills, seed 1
    Tests/robustness/kill9.py --kills 20 --seed 7

A client sends a stream of requests without waiting for replies; the server is killed somewhere within,
and started again with `--resume`. A server that is never killed is sent the same requests: its replies
are what is right. Then, of the killed one:

- what the client was told is what the other answered, to the last whole reply;
- the record holds the requests that were sent, in order, each with the right reply, and at least those
  that were answered; behind them a torn line at most;
- the resumed server answers questions as the other does after the recorded requests.
"""

import argparse
import itertools
import json
import os
import pathlib
import random
import select
import shlex
import sys
import tempfile
import time

import corpus
import wire
from generator import Generator

# Kills before a record is begun anew: all of it is carried out again at each.
CHAIN = 10
# These are about the connection, and no part of a record; the last one takes long.
LIFECYCLE = ("initialize", "initialized", "shutdown", "exit", "rpc.discover")
QUESTIONS = [("machine.list", {}), ("domain.list", {}), ("check.run", {}), ("history.list", {"count": 1000}),
             ("physmap.query", {"domain": 1, "gfn": "0x38000", "count": 4096}),
             ("array.query", {"domain": 1, "count": 64}), ("snapshot.list", {}), ("session.export", {})]


def requests(seed):
    """Endless requests that are in order, each with an id of its own."""
    generator = Generator(seed, wire.NDJSON)
    for id in itertools.count(1):
        message = None
        while message is None or message["method"] in LIFECYCLE:
            message = generator._message()
        yield json.dumps({**message, "id": id}).encode()


def flood(server, texts, seconds):
    """Sends requests as fast as the server takes them, kills it so long after the first reply.

    Returns the whole replies that were sent, those among them that were still in the pipe.
    """
    data = memoryview(b"".join(text + b"\n" for text in texts))
    process, out = server.process, bytearray()
    end = time.monotonic() + server.timeout
    while (left := end - time.monotonic()) > 0:
        wanted = [process.stdin] if data else []
        readable, writable, _ = select.select([process.stdout], wanted, [], left)
        if writable:
            try:
                data = data[os.write(process.stdin.fileno(), data[:1024]) :]
            except BlockingIOError:
                pass
        if readable:
            end = end if out else time.monotonic() + seconds
            out += os.read(process.stdout.fileno(), 1 << 16)
    process.kill()
    process.wait()
    os.set_blocking(process.stdout.fileno(), True)
    while block := os.read(process.stdout.fileno(), 1 << 16):
        out += block
    server.kill()
    return bytes(out).split(b"\n")[:-1]


def answers(server, texts):
    """The replies to requests, one each."""
    last = len(texts)
    waiting = itertools.count(1)
    data = b"".join(text + b"\n" for text in texts)
    return server.exchange(data, lambda _: next(waiting) == last) if texts else []


def recorded(file):
    """The requests and replies of a record's whole lines."""
    lines = file.read_bytes().split(b"\n")[:-1]
    return lines[0::2], lines[1::2]


def check(condition, message):
    if not condition:
        raise wire.Fault(message)


class Chain:
    """One record, and a server beside it that is never killed."""

    def __init__(self, command, seed):
        self.command = command
        self.file = pathlib.Path(tempfile.mkdtemp(prefix="kill9-")) / "record.ndjson"
        self.stream = requests(seed)
        self.random = random.Random(seed)
        self.right = wire.Server(command, timeout=60)
        self.sent, self.replies, self.told = [], [], 0

    def start(self):
        """A server that records; at first to a new file."""
        option = "--resume" if self.file.exists() else "--record"
        return wire.Server([*self.command, option, str(self.file)], timeout=60,
                           stderr=open(self.file.with_suffix(".log"), "ab"))

    def kill(self):
        """Kills the server once under load, and checks what it left."""
        batch = list(itertools.islice(self.stream, 3000))
        server = self.start()
        told = flood(server, batch, self.random.uniform(0, 0.05))
        check(self.file.exists(), "no record was written")
        asked, answered = recorded(self.file)
        new = asked[len(self.sent) :]
        check(asked[: len(self.sent)] == self.sent, "the record has lost what stood in it")
        check(new == batch[: len(new)], "the record has requests that were not sent, or not in this order")
        check(len(answered) >= len(self.sent) + len(told), f"{len(told)} were answered, {len(answered) - len(self.sent)} are recorded")
        # A request whose reply is torn is not carried out again.
        new = new[: len(answered) - len(self.sent)]
        right = answers(self.right, new)
        check(told == right[: len(told)], "the client was told something that is not right")
        check(answered == self.replies + right, "the record has a reply that is not right")
        self.sent += new
        self.replies += right
        self.told += len(told)
        with self.start() as resumed:
            for method, params in QUESTIONS:
                a, b = resumed.ask(method, params), self.right.ask(method, params)
                check(a == b, f"{method} answers {str(a)[:200]} after the kill, {str(b)[:200]} without it")
        self.forget_questions()
        return len(told), len(new)

    def forget_questions(self):
        """Takes the questions out of the record, which has them too."""
        size = sum(len(a) + len(b) + 2 for a, b in zip(self.sent, self.replies))
        os.truncate(self.file, size)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", type=shlex.split, default=corpus.DEFAULT_SERVER, metavar="CMD")
    options = parser.parse_args()
    start, told, kept = time.monotonic(), 0, 0
    chain = None
    for kill in range(options.kills):
        if kill % CHAIN == 0:
            if chain:
                chain.right.kill()
            chain = Chain(options.server, f"{options.seed} {kill}")
        try:
            answered, recorded_ones = chain.kill()
        except wire.Fault as fault:
            print(f"FAILED: kill {kill} of seed {options.seed}: {fault}\n  the record is {chain.file}")
            return 1
        told += answered
        kept += recorded_ones
    print(f"{options.kills} kills, {told} requests answered, {kept} recorded, "
          f"{time.monotonic() - start:.0f} s: nothing lost, nothing invented")
    return 0


if __name__ == "__main__":
    sys.exit(main())
