"""No library: a loop over lines; NDJSON. It is what the README shows."""

import json
import subprocess

import story

server = subprocess.Popen(
    [story.SERVER, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
)
progress = []


def call(method, params=None):
    request = {"jsonrpc": "2.0", "id": method, "method": method, "params": params}
    print(json.dumps(request), file=server.stdin, flush=True)
    while "method" in (reply := json.loads(server.stdout.readline())):
        progress.append(reply["params"])
    assert reply["id"] == method
    return reply


for method, params in story.REQUESTS:
    reply = call(method, params)
story.check_last(reply["result"])
story.check_error(call("domain.get", story.UNKNOWN_DOMAIN)["error"])
call("session.note", {"text": story.NOTE})
story.check_history(call("history.list")["result"])
story.check_comparison(call("compare.run", story.COMPARISON)["result"], progress)
server.stdin.close()
assert server.stdout.read() == "" and server.wait(30) == 0
print("NDJSON loop: ok")
