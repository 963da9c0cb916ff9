#!/usr/bin/env python3
"""One connection, millions of mixed requests: every reply is right, and memory stays flat.

    Tests/robustness/soak.py                      # 5,000,000 requests
    Tests/robustness/soak.py --requests 200000

A cycle plays the conformance sessions and the examples one after another, each on a machine of its own
making. The first cycle's replies are compared with those that the sessions expect; each later cycle must
answer with the same bytes. Resident memory is taken after each tenth: the last must be within 2% of the
first.
"""

import argparse
import json
import shlex
import sys
import time

import corpus
import run as conformance
import wire

# Sessions that end the connection, or fill the laboratory up to its limits.
LEFT_OUT = {"envelope.ndjson", "machines.ndjson", "domains.ndjson", "regions.ndjson"}


def play(server, file):
    """Plays a session, compares what it expects, and clears up; returns requests and replies."""
    lines = [line for line in file.read_bytes().splitlines() if line.strip()]
    messages = [(line, json.loads(line)) for line in lines]
    texts = [line for line, message in messages if "method" in message]
    count = sum("id" in message for _, message in messages if "method" in message)
    replies = ask(server, texts, count)
    expected = [message for _, message in messages if "method" not in message]
    fault = conformance.compare(expected, [wire.parse(reply) for reply in replies])
    if fault:
        raise wire.Fault(f"{file.name}: {fault}")
    machines = wire.parse(ask(server, [wire.request("machine.list", id=0)], 1)[0])["result"]["machines"]
    ending = [wire.request("machine.list", id=0)]
    ending += [wire.request("machine.delete", {"machine": m["machine"]}, 0) for m in machines]
    ending.append(wire.request("machine.create", {}, 0))
    # The list was asked for once already, to know what to delete.
    return texts + ending, replies + ask(server, ending, len(ending))


def ask(server, texts, count):
    """Sends messages, and takes as many replies as are due."""
    waiting = iter(range(count - 1, -1, -1))
    data = b"".join(wire.frame(text, server.framing) for text in texts)
    return server.exchange(data, lambda _: next(waiting) == 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--requests", type=int, default=5_000_000)
    parser.add_argument("--framing", choices=wire.FRAMINGS, default=wire.NDJSON)
    parser.add_argument("--server", type=shlex.split, default=corpus.DEFAULT_SERVER, metavar="CMD")
    options = parser.parse_args()
    start = time.monotonic()
    with wire.Server(options.server, options.framing) as server:
        texts, expected = [], []
        for file, _ in corpus.sessions():
            if file.name not in LEFT_OUT:
                sent, replies = play(server, file)
                texts += sent
                expected += replies
        data = b"".join(wire.frame(text, options.framing) for text in texts)
        done, tenths, resident = len(expected), 0, []

        def is_last(reply):
            nonlocal place
            if reply != expected[place]:
                raise wire.Fault(f"reply {done + place}: {reply[:300]!r}\n  where the first cycle had {expected[place][:300]!r}")
            place += 1
            return place == len(expected)

        while done < options.requests:
            place = 0
            server.exchange(data, is_last)
            done += len(expected)
            if done * 10 // options.requests > tenths:
                tenths = done * 10 // options.requests
                resident.append(server.resident())
                print(f"{done} requests, {resident[-1] / (1 << 20):.2f} MiB resident", flush=True)
        rest, code = server.finish()
    growth = resident[-1] / resident[0] - 1
    well = abs(growth) <= 0.02 and not rest and code == 0
    print(f"{done} requests, {len(expected)} a cycle, {time.monotonic() - start:.0f} s, every reply right; "
          f"memory changed by {growth:+.2%}: {'well' if well else 'FAILED'}")
    return 0 if well else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except wire.Fault as fault:
        print(f"FAILED: {fault}")
        sys.exit(1)
