"""OpenAI's other API: with a tool, as a stream, and with a model that thinks."""

import asyncio

from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIResponsesModel

TREE = """
invoke_agent forecaster
  responses gpt-5 [completed]
  execute_tool get_weather
  responses gpt-5 [completed]
invoke_agent forecaster
  responses gpt-5 ~ [completed]
invoke_agent thinker
  responses gpt-5-thinking [completed]
"""

agent = Agent(OpenAIResponsesModel("gpt-5"), name="forecaster", instructions="Answer in one sentence.")


@agent.tool_plain
async def get_weather(city: str) -> str:
    """What the weather is like."""
    return f"Sunny in {city}."


async def main() -> None:
    print((await agent.run("What is the weather in Paris?")).output)
    async with agent.run_stream("Tell me a joke") as result:
        print(await result.get_output())
    thinker = Agent("openai-responses:gpt-5-thinking", name="thinker", model_settings={"openai_reasoning_effort": "low"})
    result = await thinker.run("What is the meaning of life?")
    print(result.output, [part.part_kind for part in result.new_messages()[-1].parts])


asyncio.run(main())
