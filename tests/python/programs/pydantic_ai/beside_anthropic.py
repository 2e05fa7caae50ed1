"""Pydantic AI over Anthropic's client: one span for one model call, and one for the direct call beside it.

A plain run asks for a stream as well, which only the client tells.
"""

import asyncio

from anthropic import AsyncAnthropic
from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.providers.anthropic import AnthropicProvider

TREE = """
invoke_agent assistant
  chat claude-sonnet-4-5 ~ [tool_use]
  execute_tool search
    chat claude-direct [end_turn]
  chat claude-sonnet-4-5 ~ [end_turn]
invoke_agent assistant
  chat claude-sonnet-4-5 ~ [end_turn]
chat claude-direct [end_turn]
chat claude-direct [end_turn]
invoke_agent assistant
  chat claude-sonnet-4-5-pause-turn ~ [pause_turn]
  chat claude-sonnet-4-5-pause-turn ~ [end_turn]
invoke_agent assistant
  chat claude-sonnet-4-5-pause-turn ~ [pause_turn]
  chat claude-sonnet-4-5-pause-turn ~ [end_turn]
"""


async def main() -> None:
    async with AsyncAnthropic() as client:
        model = AnthropicModel("claude-sonnet-4-5", provider=AnthropicProvider(anthropic_client=client))
        agent = Agent(model, name="assistant")

        async def ask() -> str:
            message = {"role": "user", "content": "Hi there"}
            answer = await client.messages.create(model="claude-direct", max_tokens=64, messages=[message])
            return answer.content[0].text

        @agent.tool_plain
        async def search(query: str) -> str:
            """Searches."""
            return await ask()

        print((await agent.run("Please search")).output)
        async with agent.run_stream("Tell me a story") as result:
            pieces = 0
            async for text in result.stream_text(debounce_by=None):
                pieces += 1
                if pieces == 1:
                    print(await ask())
            print(text)
        print(await ask())
        # Answers that go on with another request.
        pausing = AnthropicModel("claude-sonnet-4-5-pause-turn", provider=AnthropicProvider(anthropic_client=client))
        print((await agent.run("Tell me a joke", model=pausing)).output)
        async with agent.run_stream("Tell me another joke", model=pausing) as result:
            print(await result.get_output())


asyncio.run(main())
