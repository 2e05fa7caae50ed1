"""Tools of a server of the Model Context Protocol, which the client calls by itself."""

import asyncio
import logging

from google import genai
from mcp import Client
from mcp.server.mcpserver import MCPServer

TREE = """
server/discover
  server/discover
tools/list
  tools/list
generate_content gemini-mcp [STOP]
execute_tool get_weather
  tools/call get_weather
    tools/call get_weather
generate_content gemini-mcp [STOP]
"""

logging.disable()
server = MCPServer("weather")


@server.tool()
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


async def main() -> None:
    client = genai.Client().aio
    async with Client(server) as tools:
        # A dictionary: what is a model, the library copies, and a session with tasks cannot be.
        config = {"tools": [tools.session]}
        answer = await client.models.generate_content(model="gemini-mcp", contents="And the weather in Oslo?", config=config)
        print(answer.text)
    await client.aclose()


asyncio.run(main())
