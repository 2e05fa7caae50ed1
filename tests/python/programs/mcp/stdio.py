"""A server in a process of its own, over its standard streams; calls that are made at once."""

import asyncio
import os
import sys

from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

TREE = """
server/discover
tools/list
tools/call get_weather
tools/call get_weather
"""

SERVER = """
from mcp.server.mcpserver import MCPServer

server = MCPServer("weather")


@server.tool()
def get_weather(city: str) -> str:
    return f"It is sunny in {city}."


server.run()
"""


async def main() -> None:
    server = StdioServerParameters(command=sys.executable, args=["-c", SERVER])
    with open(os.devnull, "w") as nowhere:
        await ask(Client(stdio_client(server, errlog=nowhere)))


async def ask(opening: Client) -> None:
    async with opening as client:
        print([tool.name for tool in (await client.list_tools()).tools])
        calls = (client.call_tool("get_weather", {"city": city}) for city in ("Paris", "London"))
        print([answer.content[0].text for answer in await asyncio.gather(*calls)])


asyncio.run(main())
