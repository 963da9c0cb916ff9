"""A server that misbehaves, to see what the client makes of it. `server.info` is answered properly."""

import json
import os
import sys
from typing import Any, Dict

INFO = {
    "name": "fake",
    "version": "0",
    "protocolVersion": "1.0",
    "presets": [],
    "limits": {},
    "janssonVersion": "0",
}


def send(**members: Any) -> None:
    print(json.dumps({"jsonrpc": "2.0", **members}), flush=True)


def answer(behaviour: str, request: Dict[str, Any]) -> None:
    """Answers a request that is no `server.info`."""
    id, method = request.get("id"), request["method"]
    if behaviour == "silent":
        return
    if behaviour == "dies":
        sys.stderr.write("x" * 100_000 + "\nout of luck\n")
        sys.stderr.flush()
        os._exit(7)
    if behaviour == "killed":
        os.kill(os.getpid(), 9)
    if behaviour == "closes its output":
        os.close(1)
    if behaviour == "garbage":
        print("Hello, I am a shell. What would you like?", flush=True)
    if behaviour == "unasked":
        send(id=4711, result={})
    if behaviour == "other shape":
        send(id=id, result={"effects": 5})
    if behaviour == "long line":
        send(id=id, result="x" * 20_000_000)
    if behaviour == "noisy":
        sys.stderr.write("y" * 1_000_000)
        sys.stderr.flush()
        send(id=id, result=None)
    if behaviour == "late":
        # Answers once the client has given up.
        if method == "$/cancelRequest":
            send(id=request["params"]["id"], result="too late")
        elif method != "slow":
            send(id=id, result="in time")


def main() -> None:
    behaviour = sys.argv[1]
    for line in sys.stdin:
        request = json.loads(line)
        if request["method"] == "server.info":
            version = "2.0" if behaviour == "other protocol" else "1.0"
            send(id=request["id"], result={**INFO, "protocolVersion": version})
        else:
            answer(behaviour, request)


main()
