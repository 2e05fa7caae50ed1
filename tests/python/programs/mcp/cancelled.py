"""A call that is cancelled, and one that takes too long."""

import asyncio

from mcp import Client
from mcp.server.mcpserver import MCPServer

TREE = """
server/discover
  server/discover
tools/call wait !CancelledError
  tools/call wait !CancelledError
tools/call wait !MCPError
  tools/call wait !CancelledError
"""

server = MCPServer("slow")


@server.tool()
async def wait(name: str) -> str:
    """Takes its time."""
    await asyncio.sleep(30)
    return name


async def main() -> None:
    async with Client(server) as client:
        task = asyncio.create_task(client.call_tool("wait", {"name": "the first call"}))
        await asyncio.sleep(0.2)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            print("cancelled")
        try:
            await client.call_tool("wait", {"name": "the second call"}, read_timeout_seconds=0.2)
        except Exception as error:
            print(type(error).__name__)


asyncio.run(main())
