"""python-lsp-jsonrpc: what python-lsp-server speaks with; Content-Length framing."""

import subprocess
import threading

from pylsp_jsonrpc.endpoint import Endpoint
from pylsp_jsonrpc.exceptions import JsonRpcException
from pylsp_jsonrpc.streams import JsonRpcStreamReader, JsonRpcStreamWriter

import story

server = subprocess.Popen([story.SERVER, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
progress = []
endpoint = Endpoint({"$/progress": progress.append}, JsonRpcStreamWriter(server.stdin).write)
listen = JsonRpcStreamReader(server.stdout).listen
reader = threading.Thread(target=listen, args=[endpoint.consume], daemon=True)
reader.start()


def call(method, params=None):
    return endpoint.request(method, params).result(30)


assert call("initialize", {"processId": None, "capabilities": {}})["serverInfo"]["name"] == "p2mlab"
endpoint.notify("initialized", {})
for method, params in story.REQUESTS:
    result = call(method, params)
story.check_last(result)
try:
    call("domain.get", story.UNKNOWN_DOMAIN)
    raise SystemExit("domain 9 exists")
except JsonRpcException as error:
    story.check_error(error.to_dict())
endpoint.notify("session.note", {"text": story.NOTE})
story.check_history(call("history.list"))
story.check_comparison(call("compare.run", story.COMPARISON), progress)
assert call("shutdown") is None
endpoint.notify("exit")
reader.join(30)
assert server.wait(30) == 0
endpoint.shutdown()
print("python-lsp-jsonrpc: ok")
