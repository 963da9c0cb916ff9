#!/usr/bin/env python3
"""Feeds a server hostile input within 256 MiB of address space: it survives, answers, and stays small.

    Tests/robustness/memory.py                  # 1 GiB
    Tests/robustness/memory.py --mebibytes 96   # a little of each kind

Each kind of input gets its share, in messages of up to 16 MiB, and a `server.info` behind each message
must be answered. At the end a new machine must still answer as it should.
"""

import argparse
import itertools
import json
import resource
import shlex
import sys
import time

import corpus
import wire

MEBIBYTE = 1 << 20
MESSAGE = 16 * MEBIBYTE
ADDRESS_SPACE = 256 * MEBIBYTE


def filled(prefix, unit, suffix, size=MESSAGE):
    """A message of nearly `size` bytes."""
    return prefix + unit * ((size - len(prefix) - len(suffix)) // len(unit)) + suffix


def numbered(prefix, form, suffix, size=MESSAGE):
    """The same with a number in each unit."""
    count = (size - len(prefix) - len(suffix)) // len(form % 10_000_000)
    return prefix + b"".join(form % (10_000_000 + k) for k in range(count)) + suffix


def call(method, **params):
    return wire.request(method, params, 1)


def texts():
    """Messages as large as they may be, or larger; of each kind one, to be repeated."""
    params = b'{"jsonrpc":"2.0","id":1,"method":"session.note","params":'
    yield "zeros", filled(b"[", b"0,", b"0]")
    yield "zeros, not closed", filled(b"[", b"0,", b"")
    yield "empty strings", filled(params + b"[", b'"",', b'""]}')
    yield "empty objects", filled(b"[", b"{},", b"{}]")
    yield "empty arrays within", filled(params + b'{"a":[', b"[],", b"[]]}}")
    yield "distinct keys", numbered(params + b"{", b'"%d":0,', b'"a":0}}')
    yield "reals", filled(b"[", b"1.5,", b"1]")
    yield "a long note", filled(params + b'{"text":"', b"x", b'"}}')
    yield "a long note of escapes", filled(params + b'{"text":"', b"\\u00e9", b'"}}')
    yield "a long id", filled(b'{"jsonrpc":"2.0","method":"server.info","id":"', b"\\n", b'"}')
    yield "a long method", filled(b'{"jsonrpc":"2.0","id":1,"method":"', b"\xc3\xa9", b'"}')
    yield "depth", filled(b"", b"[", b"")
    yield "a line over the limit", filled(b"[", b"0,", b"0]", 4 * MESSAGE)
    yield "a batch of notes", b"[" + b",".join([filled(params + b'{"text":"', b"y", b'"}}', MESSAGE // 1001)] * 1000) + b"]"


def requests():
    """Valid requests that ask for much, small themselves; for each kind a list, sent once."""
    yield "a batch of large answers", [b"[" + b",".join([call("rpc.discover")] * 1000) + b"]"]
    big = [{"gfn": "0x0", "pages": 1 << 24}]
    names = [f"m{k}" for k in range(70)]
    yield "large domains", [call("domain.create", domain=1, ram=big), call("domain.destroy", domain=1)] * 2
    yield "a large domain in each machine", [
        text for name in names
        for text in (call("machine.create", machine=name), call("domain.create", machine=name, domain=1, ram=big))
    ] + [call("machine.delete", machine=name) for name in names]
    grants = [call("machine.create", machine="g", maxGrantFrames=65536)]
    for domain in range(64):
        grants.append(call("domain.create", machine="g", domain=domain))
        grants.append(call("grantTable.setup", machine="g", domain=domain, frames=65536))
        grants.append(call("array.query", machine="g", domain=domain, first=65000, count=1024))
    yield "large grant tables", [*grants, call("check.run", machine="g"), call("machine.delete", machine="g")]
    scattered = [call("machine.create", machine="s"), call("domain.create", machine="s", domain=1)]
    for k in range(1, 20_000):
        gfn = hex((k * 0x9E3779B1) % (1 << 36))
        scattered.append(call("device.map", machine="s", domain=1, gfn=gfn, mfn="0x9000"))
    yield "scattered mappings", [*scattered, call("check.run", machine="s"), call("machine.delete", machine="s")]
    snapshots = [call("machine.create", machine="n"), call("domain.create", machine="n", domain=1, privileged=True)]
    for k in range(1100):
        snapshots.append(call("device.map", machine="n", domain=1, gfn=hex(k << 20), mfn="0x9000"))
        snapshots.append(call("snapshot.create", machine="n"))
    yield "many snapshots", [*snapshots, call("snapshot.restore", machine="n"), call("machine.delete", machine="n")]
    tables = [call("machine.create", machine="t", maxGrantFrames=65536), call("domain.create", machine="t", domain=1),
              call("grantTable.setup", machine="t", domain=1, frames=65536)]
    for k in range(300):
        tables.append(call("grantFrame.map", machine="t", domain=1, frame=k, gfn=k))
        tables.append(call("snapshot.create", machine="t"))
    yield "snapshots of large grant tables", [*tables, call("machine.delete", machine="t")]
    history = [call("machine.create", machine="h"), call("domain.create", machine="h", domain=1)]
    note = "z" * 4000
    history += [call("session.note", machine="h", text=note)] * 6000
    yield "experiments with much memory", list(experiments())
    yield "a long history", [*history, call("session.export", machine="h"), call("history.undo", machine="h", count=9), call("machine.delete", machine="h")]


def experiments():
    """Comparisons on as many presets as there may be, and shrinking, of requests that take much."""
    big = {"domain": 1, "ram": [{"gfn": "0x0", "pages": 1 << 22}]}
    machines = [("machine.create", {"machine": f"m{k}"}) for k in range(63)]
    note = ("session.note", {"text": "z" * 4000})
    scattered = [("device.map", {"domain": 1, "gfn": hex(k << 20), "mfn": "0x9000"}) for k in range(4000)]
    grants = [("machine.create", {"machine": "g", "maxGrantFrames": 65536})]
    for domain in range(8):
        grants.append(("domain.create", {"machine": "g", "domain": domain}))
        grants.append(("grantTable.setup", {"machine": "g", "domain": domain, "frames": 65536}))
    loss = [("domain.create", {"domain": 2}), ("grantFrame.map", {"domain": 2, "frame": 0, "gfn": 1}),
            ("device.map", {"domain": 2, "gfn": 1, "mfn": 1}), ("grantFrame.map", {"domain": 2, "frame": 0, "gfn": 2})]
    touched = [("grantFrame.map", {"machine": "g", "domain": k % 8, "frame": k // 8, "gfn": k}) for k in range(2000)]
    for some in ([("domain.create", big)], machines, [note] * 500, [("domain.create", {"domain": 1}), *scattered], grants + touched,
                 [("rpc.discover", {})] * 50):
        told = [{"method": method, "params": params} for method, params in (("domain.list", {}), *some, *loss)]
        yield call("compare.run", requests=told, presets=["xen-4.16", "xen-4.17"] * 8)
        yield call("shrink.run", requests=told, property="no-collateral-removal")


class Feeding:
    """One server, and how much it was sent."""

    def __init__(self, command, framing):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))

        self.server = wire.Server(command, framing, timeout=60, preexec_fn=limit)
        self.sent = 0
        self.number = itertools.count()

    def feed(self, messages):
        """Sends messages, with a `server.info` behind them that must be answered."""
        probe = f"probe {next(self.number)}"
        data = b"".join(wire.frame(text, self.server.framing) for text in messages)
        data += wire.frame(wire.request("server.info", id=probe), self.server.framing)
        token = json.dumps(probe).encode()
        reply = wire.parse(self.server.exchange(data, lambda text: token in text)[-1])
        if "result" not in reply:
            raise wire.Fault(f"server.info was answered with {reply}")
        self.sent += len(data)

    def repeat(self, messages, share):
        """The same again and again, until so many bytes are sent."""
        stop = self.sent + share
        while True:
            self.feed(messages)
            if self.sent >= stop:
                return

    def peak(self):
        """The largest resident memory so far, in MiB."""
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) >> 10 for line in file if line.startswith("VmHWM"))


def check_alive(server):
    """A new machine answers as it should."""
    server.ask("machine.create", {"machine": "after all"})
    server.ask("domain.create", {"machine": "after all", "domain": 1})
    reply = server.ask("grantFrame.map", {"machine": "after all", "domain": 1, "frame": 0, "gfn": "0x38000"})
    if len(reply.get("result", {}).get("effects", [])) != 2:
        raise wire.Fault(f"a new machine answers {reply}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mebibytes", type=int, default=1024, help="how much to send")
    parser.add_argument("--framing", choices=wire.FRAMINGS, default=wire.NDJSON)
    parser.add_argument("--only", metavar="KIND", help="send one kind")
    parser.add_argument("--server", type=shlex.split, default=corpus.DEFAULT_SERVER, metavar="CMD")
    options = parser.parse_args()
    large = [(name, [text]) for name, text in texts()]
    share = options.mebibytes * MEBIBYTE // len(large)
    kinds = [(*kind, share) for kind in large] + [(*kind, 0) for kind in requests()]
    kinds = [kind for kind in kinds if options.only in (None, kind[0])]
    feeding, failures, sent = None, 0, 0
    for name, messages, share in kinds:
        start, before = time.monotonic(), feeding.sent if feeding else 0
        try:
            feeding = feeding or Feeding(options.server, options.framing)
            feeding.repeat(messages, share)
            print(f"{name}: {feeding.sent - before >> 20} MiB, {time.monotonic() - start:.1f} s, peak {feeding.peak()} MiB")
        except wire.Fault as fault:
            print(f"FAILED: {name}: {fault}")
            failures += 1
            feeding.server.kill()
            sent, feeding = sent + feeding.sent, None
        sys.stdout.flush()
    if feeding:
        check_alive(feeding.server)
        sent += feeding.sent
        feeding.server.kill()
    print(f"{sent >> 20} MiB, {len(kinds)} kinds, address space {ADDRESS_SPACE >> 20} MiB: {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
