"""Runs where the integrations of the clients are off: the library knows what went out and what came back."""

import asyncio

from pydantic import BaseModel
from pydantic_ai import Agent, ModelHTTPError, ModelRetry, RunContext

TREE = """
invoke_agent forecaster
  chat gpt-4o-mini [tool_calls]
  execute_tool get_weather
  chat gpt-4o-mini [tool_calls]
  execute_tool get_weather
  chat gpt-4o-mini [stop]
invoke_agent thinker
  responses gpt-5-thinking [completed]
invoke_agent planner
  chat gpt-4o [tool_calls]
invoke_agent forecaster !ModelAuthenticationError
  chat gpt-4o-fault-401 !ModelAuthenticationError 401
"""


class City(BaseModel):
    name: str


async def main() -> None:
    settings = {"temperature": 0.5, "max_tokens": 200, "seed": 7, "top_p": 0.9}
    forecaster = Agent("openai-chat:gpt-4o-mini", name="forecaster", instructions="Be brief.", model_settings=settings)

    @forecaster.tool
    async def get_weather(context: RunContext[None], city: str) -> str:
        """What the weather is like."""
        if context.retry == 0:
            raise ModelRetry("No answer, try again.")
        return f"Sunny in {city}."

    print((await forecaster.run("What is the weather in Paris?")).output)
    print((await Agent("openai-responses:gpt-5-thinking", name="thinker").run("Think!")).output)
    print((await Agent("openai-chat:gpt-4o", name="planner", output_type=City).run("Where to?")).output)
    try:
        await forecaster.run("Hello", model="openai-chat:gpt-4o-fault-401")
    except ModelHTTPError as error:
        print(error.status_code)


asyncio.run(main())
