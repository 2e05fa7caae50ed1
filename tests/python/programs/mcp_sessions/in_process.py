"""A client and a server of version 1 in one process: tools that work, fail and are missing, prompts and resources."""

import asyncio

from mcp.server.fastmcp import FastMCP
from mcp.shared.memory import create_connected_server_and_client_session
from mcp.types import ClientRequest, ListToolsRequest, ListToolsResult, PaginatedRequestParams

TREE = """
initialize
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
prompts/get missing !McpError
  prompts/get missing !0
tools/list
  tools/list
"""

server = FastMCP("weather", log_level="CRITICAL")


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
    async with create_connected_server_and_client_session(server) as client:
        print([tool.name for tool in (await client.list_tools()).tools])
        answer = await client.call_tool("get_weather", {"city": "Paris in the spring"})
        print(answer.content[0].text, answer.isError)
        answer = await client.call_tool("fail", {"reason": "There is no such thing."})
        print(answer.isError)
        print((await client.get_prompt("greet", {"name": "everybody here"})).messages[0].content.text)
        print((await client.read_resource("weather://today")).contents[0].text)
        try:
            await client.get_prompt("missing")
        except Exception as error:
            print(type(error).__name__)
        params = PaginatedRequestParams(_meta={"progressToken": "mine", "example.com/own": 1})
        request = ClientRequest(ListToolsRequest(method="tools/list", params=params))
        print(len((await client.send_request(request, ListToolsResult)).tools), params.model_dump())


asyncio.run(main())
