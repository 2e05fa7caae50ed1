"""Everything that a run can fail with."""

import asyncio

from openai import AsyncOpenAI
from pydantic_ai import Agent, ModelRetry, UnexpectedModelBehavior, UsageLimits
from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

TREE = """
invoke_agent agent !ModelAuthenticationError
  chat gpt-4o-fault-401 !ModelAuthenticationError 401
invoke_agent agent !ModelRequestRejectedError
  chat gpt-4o-fault-400 !ModelRequestRejectedError 400
invoke_agent agent !ModelServerError
  responses gpt-4o-fault-500 !ModelServerError 500
invoke_agent agent !ModelRateLimitError
  chat gpt-4o-fault-429 !ModelRateLimitError 429
invoke_agent agent !UnexpectedModelBehavior
  chat gpt-4o-fault-nonsense ~ !UnexpectedModelBehavior
invoke_agent agent !UsageLimitExceeded
  chat gpt-4o [tool_calls]
  execute_tool get_weather
invoke_agent agent !UsageLimitExceeded
  chat gpt-4o [tool_calls]
invoke_agent stubborn !UnexpectedModelBehavior
  chat gpt-4o [tool_calls]
  execute_tool search
  chat gpt-4o [tool_calls]
  execute_tool search !UnexpectedModelBehavior
invoke_agent agent !ModelRateLimitError
  chat gpt-4o-fault-429 !ModelRateLimitError 429
"""


def get_weather(city: str) -> str:
    """What the weather is like."""
    return f"Sunny in {city}."


def search(query: str) -> str:
    """Searches."""
    raise ModelRetry("Nothing found, try again.")


async def main() -> None:
    async with AsyncOpenAI(max_retries=0) as client:
        provider = OpenAIProvider(openai_client=client)
        agent = Agent(name="agent", tools=[get_weather])

        async def attempt(model: str, kind=OpenAIChatModel, limits: UsageLimits | None = None) -> None:
            try:
                print(await agent.run("What is the weather?", model=kind(model, provider=provider), usage_limits=limits))
            except AgentRunError as error:
                print(type(error).__name__, getattr(error, "status_code", None))

        for model in ("gpt-4o-fault-401", "gpt-4o-fault-400", "gpt-4o-fault-429", "gpt-4o-fault-nonsense"):
            await attempt(model)
        await attempt("gpt-4o-fault-500", OpenAIResponsesModel)
        await attempt("gpt-4o", limits=UsageLimits(request_limit=1))
        await attempt("gpt-4o", limits=UsageLimits(output_tokens_limit=1))
        try:
            async with agent.run_stream("Hello", model=OpenAIChatModel("gpt-4o-fault-429", provider=provider)) as result:
                print(await result.get_output())
        except AgentRunError as error:
            print(type(error).__name__)
        try:
            model = OpenAIChatModel("gpt-4o", provider=provider)
            await Agent(model, name="stubborn", tools=[search]).run("Please search")
        except UnexpectedModelBehavior as error:
            print(error)
        try:
            await Agent(name="none").run("Hello")
        except UserError as error:
            print(error)


asyncio.run(main())
