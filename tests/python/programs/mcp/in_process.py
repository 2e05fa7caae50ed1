"""A client and a server in one process: tools that work, fail and are missing, prompts and resources."""

import asyncio

from mcp import Client
from mcp.server.mcpserver import MCPServer

TREE = """
server/discover
  server/discover
tools/list
  tools/list
tools/call get_weather
  tools/call get_weather
tools/call fail !tool_error
  tools/call fail !tool_error
prompts/get greet
  prompts/get greet
resources/read
  resources/read
prompts/get missing !MCPError
  prompts/get missing !ValueError
"""

server = MCPServer("weather")


@server.tool()
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"It is sunny in {city}."


@server.tool()
async def fail(reason: str) -> str:
    """Does not work."""
    raise LookupError(reason)


@server.prompt()
def greet(name: str) -> str:
    """Greets somebody."""
    return f"Say hello to {name}!"


@server.resource("weather://today")
def today() -> str:
    """The weather of today."""
    return "It is sunny everywhere."


async def main() -> None:
    async with Client(server) as client:
        print([tool.name for tool in (await client.list_tools()).tools])
        answer = await client.call_tool("get_weather", {"city": "Paris in the spring"})
        print(answer.content[0].text, answer.is_error)
        answer = await client.call_tool("fail", {"reason": "There is no such thing."})
        print(answer.is_error)
        print((await client.get_prompt("greet", {"name": "everybody here"})).messages[0].content.text)
        print((await client.read_resource("weather://today")).contents[0].text)
        try:
            await client.get_prompt("missing")
        except Exception as error:
            print(type(error).__name__)


asyncio.run(main())
