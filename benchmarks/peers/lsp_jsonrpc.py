"""Requests as python-lsp-jsonrpc serves them, in LSP's framing."""

import sys

from answers import ANSWERS
from pylsp_jsonrpc.endpoint import Endpoint
from pylsp_jsonrpc.streams import JsonRpcStreamReader, JsonRpcStreamWriter

writer = JsonRpcStreamWriter(sys.stdout.buffer)
endpoint = Endpoint(ANSWERS, writer.write)
JsonRpcStreamReader(sys.stdin.buffer).listen(endpoint.consume)
