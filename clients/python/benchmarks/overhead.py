"""What the client costs, beside a bare loop of `json` and pipes.

    P2MLAB_SERVER=... python clients/python/benchmarks/overhead.py [--calls N] [--rounds N]

Both map and unmap one grant frame, on servers of their own, by turns, so that what else the machine does
falls on both. Told are calls a second, how much longer the client takes, and the same by the processor's
time that this process takes for a call, without the server's: medians of the rounds.
`batched` asks each call for its result, `read` for the effects in it too, which are made when they are
asked for; the bare loop has parsed each reply into dictionaries, and makes nothing of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import time
from typing import Any, Callable, Dict, List, Tuple

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

    def batched(self, calls: int) -> None:
        assert self.process.stdin
        for first in range(0, calls, CHUNK):
            for id in range(first, first + CHUNK):
                self.send(id, *self.one(id))
            self.process.stdin.flush()
            for id in range(first, first + CHUNK):
                self.receive(id)

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

    def batched(self, calls: int) -> None:
        self.batches(calls)

    def read(self, calls: int) -> None:
        for results in self.batches(calls):
            for outcome in results:
                assert outcome.effects[0].uri

    def batches(self, calls: int) -> List[Any]:
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

    def batched(self, calls: int) -> None:
        self.batches(calls)

    def read(self, calls: int) -> None:
        for results in self.batches(calls):
            for outcome in results:
                assert outcome.effects[0].uri

    def batches(self, calls: int) -> List[Any]:
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


def seconds(work: Callable[[int], None], calls: int) -> Tuple[float, float]:
    """How long the work took, and how long this process's processor."""
    start, processor = time.perf_counter(), time.process_time()
    work(calls)
    return time.perf_counter() - start, time.process_time() - processor


def ratio(mine: List[float], bare: List[float]) -> float:
    """How much more this is, round by round."""
    return statistics.median(m / b for m, b in zip(mine, bare))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--calls", type=int, default=4000, help="calls of a round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=15, help="rounds (%(default)s)")
    given = parser.parse_args()
    calls = max(1, given.calls // CHUNK) * CHUNK
    clients: Dict[str, Any] = {"bare": Bare(), "sync": Sync(), "asyncio": Asyncio()}
    print(f"{'':10}{'client':8}{'calls/s':>10}{'longer':>9}{'CPU us/call':>13}{'more':>8}")
    for kind in ("ping_pong", "batched", "read"):
        times: Dict[str, List[float]] = {name: [] for name in clients}
        processor: Dict[str, List[float]] = {name: [] for name in clients}
        for _ in range(given.rounds):
            for name, client in clients.items():
                took, used = seconds(getattr(client, kind), calls)
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
