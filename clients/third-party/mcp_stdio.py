"""mcp: the transport of its stdio client, without MCP's handshake, which is no business of p2mlab's; NDJSON."""

import anyio
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCError, JSONRPCNotification, JSONRPCRequest

import story


async def main():
    parameters = StdioServerParameters(command=story.SERVER, args=["serve"])
    progress = []
    async with stdio_client(parameters) as (read, write):

        async def call(number, method, params=None):
            request = JSONRPCRequest(jsonrpc="2.0", id=number, method=method, params=params or {})
            await write.send(SessionMessage(request))
            while isinstance(reply := (await read.receive()).message, JSONRPCNotification):
                assert reply.method == "$/progress"
                progress.append(reply.params)
            assert reply.id == number
            return reply.error if isinstance(reply, JSONRPCError) else reply.result

        for number, (method, params) in enumerate(story.REQUESTS):
            result = await call(number, method, params)
        story.check_last(result)
        story.check_error((await call("error", "domain.get", story.UNKNOWN_DOMAIN)).model_dump())
        note = JSONRPCNotification(jsonrpc="2.0", method="session.note", params={"text": story.NOTE})
        await write.send(SessionMessage(note))
        story.check_history(await call("history", "history.list"))
        story.check_comparison(await call("compare", "compare.run", story.COMPARISON), progress)


async def bounded():
    with anyio.fail_after(60):
        await main()


anyio.run(bounded)
print("mcp stdio_client: ok")
