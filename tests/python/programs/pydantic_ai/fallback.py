"""One model after another: each try is a request of its own."""

import asyncio

from openai import AsyncOpenAI
from pydantic_ai import Agent, ModelHTTPError
from pydantic_ai.exceptions import FallbackExceptionGroup
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

TREE = """
invoke_agent careful
  chat gpt-4o-fault-500 !InternalServerError 500
  chat gpt-4o [stop]
invoke_agent careful
  chat gpt-4o-fault-500 !InternalServerError 500
  chat gpt-4o ~ [stop]
invoke_agent careful !FallbackExceptionGroup
  chat gpt-4o-fault-500 !InternalServerError 500
  chat gpt-4o-fault-429 !ModelRateLimitError 429
"""


async def main() -> None:
    async with AsyncOpenAI(max_retries=0) as client:
        provider = OpenAIProvider(openai_client=client)
        broken, busy, good = (
            OpenAIChatModel(name, provider=provider) for name in ("gpt-4o-fault-500", "gpt-4o-fault-429", "gpt-4o")
        )
        agent = Agent(FallbackModel(broken, good), name="careful")
        print((await agent.run("Tell me a joke")).output)
        async with agent.run_stream("Tell me a story") as result:
            print(await result.get_output())
        try:
            await agent.run("Tell me a joke", model=FallbackModel(broken, busy))
        except FallbackExceptionGroup as group:
            print([error.status_code for error in group.exceptions if isinstance(error, ModelHTTPError)])


asyncio.run(main())
