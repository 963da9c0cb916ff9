"""What the client costs, beside a bare loop of `json` and pipes.

    P2MLAB_SERVER=... python clients/python/benchmarks/overhead.py [--calls N] [--rounds N]

Each maps and unmaps one grant frame, in a process of its own with a server of its own, so that none pays
for what another one keeps; by turns, so that what else the machine does falls on all. Told are calls a
second, how much longer the client takes, and the same by the processor's time that a call takes without
the server's: medians of the rounds.
`batched` asks each call for its result, `read` for the effects in it too, which are made when they are
asked for; the bare loop has parsed each reply into dictionaries, and makes nothing of them. All keep the
results of a round until it ends, as who asks for them would.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import subprocess
import time
from multiprocessing.connection import Connection
from typing import Any, Callable, Dict, List, Tuple, Type

from p2mlab import GFN, AsyncP2MLab, P2MLab
from p2mlab.server import command

HERE = GFN(0x38000)
CHUNK = 200
"""Requests that the bare loop sends before it reads their replies: both fit into the pipes."""


class Bare:
    """A server behind `json` and two pipes, and nothing else."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.call(0, "domain.create", {"domain": 1})

    def send(self, id: int, method: str, params: Dict[str, Any]) -> None:
        assert self.process.stdin
        request = {"jsonrpc": "2.0", "id": id, "method": method, "params": params}
        self.process.stdin.write(json.dumps(request).encode() + b"\n")

    def receive(self, id: int) -> Any:
        assert self.process.stdout
        reply = json.loads(self.process.stdout.readline())
        assert reply["id"] == id
        return reply["result"]

    def call(self, id: int, method: str, params: Dict[str, Any]) -> Any:
        assert self.process.stdin
        self.send(id, method, params)
        self.process.stdin.flush()
        return self.receive(id)

    def one(self, id: int) -> Any:
        if id % 2:
            return "physmap.unmap", {"domain": 1, "gfn": hex(HERE)}
        return "grantFrame.map", {"domain": 1, "frame": 0, "gfn": hex(HERE)}

    def ping_pong(self, calls: int) -> None:
        for id in range(calls):
            self.call(id, *self.one(id))

    def batched(self, calls: int) -> List[Any]:
        assert self.process.stdin
        results = []
        for first in range(0, calls, CHUNK):
            for id in range(first, first + CHUNK):
                self.send(id, *self.one(id))
            self.process.stdin.flush()
            results.append([self.receive(id) for id in range(first, first + CHUNK)])
        return results

    read = batched

    def close(self) -> None:
        self.process.communicate()


class Sync:
    """The client for callers that wait."""

    def __init__(self) -> None:
        self.lab = P2MLab()
        self.lab.main.domain_create(domain=1)

    def ping_pong(self, calls: int) -> None:
        m = self.lab.main
        for _ in range(calls // 2):
            m.grant_frame_map(domain=1, frame=0, gfn=HERE)
            m.physmap_unmap(domain=1, gfn=HERE)

    def read(self, calls: int) -> List[Any]:
        batches = self.batched(calls)
        for results in batches:
            for outcome in results:
                assert outcome.effects[0].uri
        return batches

    def batched(self, calls: int) -> List[Any]:
        results = []
        for _ in range(0, calls, CHUNK):
            with self.lab.batch() as batch:
                for _ in range(CHUNK // 2):
                    batch.main.grant_frame_map(domain=1, frame=0, gfn=HERE)
                    batch.main.physmap_unmap(domain=1, gfn=HERE)
            results.append(batch.results())
        return results

    def close(self) -> None:
        self.lab.close()


class Asyncio:
    """The client for asyncio."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.lab = AsyncP2MLab()
        self.loop.run_until_complete(self.lab.start())
        self.loop.run_until_complete(self.lab.main.domain_create(domain=1))

    def ping_pong(self, calls: int) -> None:
        async def play() -> None:
            m = self.lab.main
            for _ in range(calls // 2):
                await m.grant_frame_map(domain=1, frame=0, gfn=HERE)
                await m.physmap_unmap(domain=1, gfn=HERE)

        self.loop.run_until_complete(play())

    def read(self, calls: int) -> List[Any]:
        batches = self.batched(calls)
        for results in batches:
            for outcome in results:
                assert outcome.effects[0].uri
        return batches

    def batched(self, calls: int) -> List[Any]:
        async def play() -> List[Any]:
            results = []
            for _ in range(0, calls, CHUNK):
                async with self.lab.batch() as batch:
                    for _ in range(CHUNK // 2):
                        batch.main.grant_frame_map(domain=1, frame=0, gfn=HERE)
                        batch.main.physmap_unmap(domain=1, gfn=HERE)
                results.append(batch.results())
            return results

        return self.loop.run_until_complete(play())

    def close(self) -> None:
        self.loop.run_until_complete(self.lab.close())
        self.loop.close()


CONTENDERS: Dict[str, Type[Any]] = {"bare": Bare, "sync": Sync, "asyncio": Asyncio}


def seconds(work: Callable[[int], Any], calls: int) -> Tuple[float, float]:
    """How long the work took, and how long this process's processor."""
    start, processor = time.perf_counter(), time.process_time()
    kept = work(calls)
    took = time.perf_counter() - start, time.process_time() - processor
    del kept  # What it takes to forget the results is nobody's.
    return took


def contend(name: str, turns: Connection) -> None:
    """Does what it is told at each turn, in a process of its own, until there are no more."""
    client = CONTENDERS[name]()
    for kind, calls in iter(turns.recv, None):
        turns.send(seconds(getattr(client, kind), calls))
    client.close()


class Contender:
    """A process that waits for its turn."""

    def __init__(self, name: str) -> None:
        # Not forked: a child would have all that is here, and what other children are written to.
        processes = multiprocessing.get_context("spawn")
        self.turns, theirs = processes.Pipe()
        self.process = processes.Process(target=contend, args=(name, theirs))
        self.process.start()

    def turn(self, kind: str, calls: int) -> Tuple[float, float]:
        self.turns.send((kind, calls))
        took: Tuple[float, float] = self.turns.recv()
        return took

    def close(self) -> None:
        self.turns.send(None)
        self.process.join()


def ratio(mine: List[float], bare: List[float]) -> float:
    """How much more this is, round by round."""
    return statistics.median(m / b for m, b in zip(mine, bare))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--calls", type=int, default=4000, help="calls of a round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=15, help="rounds (%(default)s)")
    given = parser.parse_args()
    calls = max(1, given.calls // CHUNK) * CHUNK
    command()  # That there is no server is told once, here.
    clients = {name: Contender(name) for name in CONTENDERS}
    print(f"{'':10}{'client':8}{'calls/s':>10}{'longer':>9}{'CPU us/call':>13}{'more':>8}")
    for kind in ("ping_pong", "batched", "read"):
        times: Dict[str, List[float]] = {name: [] for name in clients}
        processor: Dict[str, List[float]] = {name: [] for name in clients}
        for _ in range(given.rounds):
            for name, client in clients.items():
                took, used = client.turn(kind, calls)
                times[name].append(took)
                processor[name].append(used)
        for name in clients:
            rate = calls / statistics.median(times[name])
            used = statistics.median(processor[name]) / calls * 1e6
            print(
                f"{kind:10}{name:8}{rate:>10,.0f}{ratio(times[name], times['bare']):>8.2f}x"
                f"{used:>13.1f}{ratio(processor[name], processor['bare']):>7.2f}x"
            )
    for client in clients.values():
        client.close()


if __name__ == "__main__":
    main()
