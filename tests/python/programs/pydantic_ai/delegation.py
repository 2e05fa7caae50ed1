"""An agent that is a tool of another one: its run hangs below the tool, and its tokens are its own."""

import asyncio

from pydantic_ai import Agent, RunContext

TREE = """
invoke_agent editor
  chat gpt-4o [tool_calls]
  execute_tool ask_poet
    invoke_agent poet
      chat gpt-4o-mini [stop]
  chat gpt-4o [stop]
"""

editor = Agent("openai-chat:gpt-4o", name="editor")
poet = Agent("openai-chat:gpt-4o-mini", name="poet")


@editor.tool
async def ask_poet(context: RunContext[None], subject: str) -> str:
    """Has a poem written."""
    return (await poet.run(f"A poem about {subject}", usage=context.usage)).output


async def main() -> None:
    result = await editor.run("Please ask_poet")
    print(result.output, result.usage.requests)


asyncio.run(main())
