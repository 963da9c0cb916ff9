"""pygls: its generic JSON-RPC client, and its client of language servers; Content-Length framing."""

import asyncio

from lsprotocol import types
from pygls.client import JsonRPCClient
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import BaseLanguageClient

import story


def plain(value):
    """pygls makes named tuples of objects it does not know."""
    if hasattr(value, "_asdict"):
        return {name: plain(member) for name, member in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value


async def generic():
    client, progress = JsonRPCClient(), []
    client.feature("$/progress")(lambda params: progress.append(plain(params)))
    await client.start_io(story.SERVER, "serve")
    call = client.protocol.send_request_async
    for method, params in story.REQUESTS:
        result = await call(method, params)
    story.check_last(plain(result))
    try:
        await call("domain.get", story.UNKNOWN_DOMAIN)
        raise SystemExit("domain 9 exists")
    except JsonRpcException as error:
        story.check_error({"code": error.code, "data": plain(error.data)})
    client.protocol.notify("session.note", {"text": story.NOTE})
    story.check_history(plain(await call("history.list")))
    story.check_comparison(plain(await call("compare.run", story.COMPARISON)), progress)
    client.protocol.notify("exit")
    assert await client._server.wait() in (0, 1)
    await client.stop()


async def language_client():
    """LSP's life cycle, as an editor goes through it."""
    client = BaseLanguageClient("test", "1")
    await client.start_io(story.SERVER, "serve")
    result = await client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
    assert result.server_info.name == "p2mlab"
    client.initialized(types.InitializedParams())
    for method, params in story.REQUESTS:
        result = await client.protocol.send_request_async(method, params)
    story.check_last(plain(result))
    assert await client.shutdown_async(None) is None
    client.exit(None)
    assert await client._server.wait() == 0
    await client.stop()


asyncio.run(asyncio.wait_for(generic(), 60))
asyncio.run(asyncio.wait_for(language_client(), 60))
print("pygls: ok")
