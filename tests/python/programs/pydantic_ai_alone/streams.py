"""Streams where the integrations of the clients are off: read to the end, left, and broken off by the server."""

import asyncio

from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelAPIError
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

TREE = """
invoke_agent teller
  chat gpt-4o ~ [stop]
invoke_agent teller
  chat claude-sonnet-4-5 ~ [end_turn]
invoke_agent teller
  chat gpt-4o-chunks-100-every-5 ~
invoke_agent teller !ModelConnectionError
  chat gpt-4o-fault-cut ~ !ModelConnectionError
"""


async def main() -> None:
    agent = Agent(name="teller", model_settings={"max_tokens": 1000})
    for model in ("openai-chat:gpt-4o", "anthropic:claude-sonnet-4-5"):
        async with agent.run_stream("Tell me a story", model=model) as result:
            print(await result.get_output())
    async with agent.run_stream("Tell me a story", model="openai-chat:gpt-4o-chunks-100-every-5") as result:
        async for _ in result.stream_text(debounce_by=None):
            break
    async with AsyncOpenAI(max_retries=0) as client:
        model = OpenAIChatModel("gpt-4o-fault-cut", provider=OpenAIProvider(openai_client=client))
        try:
            async with agent.run_stream("Tell me a story", model=model) as result:
                print(await result.get_output())
        except ModelAPIError as error:
            print(type(error).__name__)


asyncio.run(main())
