"""A tool that asks a model: the model's request hangs below the server's run of the tool."""

import asyncio

from mcp import Client
from mcp.server.mcpserver import MCPServer
from openai import AsyncOpenAI

TREE = """
tools/list
  tools/list
server/discover
  server/discover
tools/call summarise
  tools/call summarise
    chat gpt-4o-mini [stop]
"""

server = MCPServer("summaries")


@server.tool()
async def summarise(text: str) -> str:
    """Says it shorter."""
    async with AsyncOpenAI() as client:
        messages = [{"role": "user", "content": f"Say it shorter: {text}"}]
        answer = await client.chat.completions.create(model="gpt-4o-mini", messages=messages)
    return answer.choices[0].message.content


async def main() -> None:
    async with Client(server) as client:
        print((await client.call_tool("summarise", {"text": "It is a long story."})).content[0].text)


asyncio.run(main())
