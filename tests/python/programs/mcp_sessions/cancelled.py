"""A call of version 1 that its client cancels with a notification, and one that takes too long."""

import asyncio
from datetime import timedelta

from mcp.server.fastmcp import FastMCP
from mcp.shared.memory import create_connected_server_and_client_session
from mcp.types import CancelledNotification, CancelledNotificationParams, ClientNotification

TREE = """
initialize
tools/call wait !McpError
  tools/call wait !CancelledError
tools/call wait !McpError
  tools/call wait !CancelledError
"""

server = FastMCP("slow", log_level="CRITICAL")
waiting = asyncio.Event()


@server.tool()
async def wait(name: str) -> str:
    """Takes its time."""
    waiting.set()
    await asyncio.sleep(30)
    return name


async def main() -> None:
    async with create_connected_server_and_client_session(server) as client:
        task = asyncio.create_task(client.call_tool("wait", {"name": "the first call"}))
        await waiting.wait()
        params = CancelledNotificationParams(requestId=1, reason="No more")
        await client.send_notification(
            ClientNotification(CancelledNotification(method="notifications/cancelled", params=params))
        )
        try:
            await task
        except Exception as error:
            print(type(error).__name__)
        try:
            await client.call_tool("wait", {"name": "the second call"}, read_timeout_seconds=timedelta(seconds=0.2))
        except Exception as error:
            print(type(error).__name__)


asyncio.run(main())
