"""Anthropic's models, streamed: a text before a tool, which ends the run; thoughts, and a refusal of the server."""

import asyncio
from typing import Any

from anthropic import AsyncAnthropic
from pydantic_ai import Agent, ModelHTTPError
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.providers.anthropic import AnthropicProvider

TREE = """
invoke_agent forecaster
  chat claude-sonnet-4-5 ~ [tool_use]
  execute_tool get_weather
invoke_agent forecaster
  chat claude-sonnet-4-5 ~ [end_turn]
invoke_agent forecaster
  chat claude-sonnet-4-5-thinking ~ [end_turn]
invoke_agent forecaster !ModelOverloadedError
  chat claude-sonnet-4-5-fault-529 !ModelOverloadedError 529
"""


async def main() -> None:
    async with AsyncAnthropic(max_retries=0) as client:
        provider = AnthropicProvider(anthropic_client=client)

        def model(name: str) -> AnthropicModel:
            return AnthropicModel(name, provider=provider)

        agent = Agent(name="forecaster", instructions="Answer in one sentence.")

        @agent.tool_plain
        async def get_weather(city: str) -> str:
            """What the weather is like."""
            return f"Sunny in {city}."

        async def ask(question: str, name: str, **settings: Any) -> str:
            settings = {"max_tokens": 2048, **settings}
            async with agent.run_stream(question, model=model(name), model_settings=settings) as result:
                return await result.get_output()

        print(await ask("What is the weather in Paris?", "claude-sonnet-4-5"))
        print(await ask("Tell me a joke", "claude-sonnet-4-5"))
        thinking = {"type": "enabled", "budget_tokens": 1024}
        print(await ask("Think!", "claude-sonnet-4-5-thinking", anthropic_thinking=thinking))
        try:
            print(await ask("Hello", "claude-sonnet-4-5-fault-529"))
        except ModelHTTPError as error:
            print(error.status_code)


asyncio.run(main())
