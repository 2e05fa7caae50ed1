"""Streams behind generators of the program, which it closes late or never: what else it does is none of their parts."""

import asyncio
from collections.abc import AsyncIterator

from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

TREE = """
invoke_agent teller
  chat gpt-4o-chunks-50-closed ~
invoke_agent listener
  chat gpt-4o-meanwhile [stop]
invoke_agent teller
  chat gpt-4o-chunks-50-open ~
chat gpt-4o-direct [stop]
"""

teller = Agent(name="teller")
listener = Agent(name="listener")


async def main() -> None:
    async with AsyncOpenAI() as client:
        provider = OpenAIProvider(openai_client=client)

        def model(name: str) -> OpenAIChatModel:
            return OpenAIChatModel(name, provider=provider)

        async def words(name: str) -> AsyncIterator[str]:
            async with teller.run_stream("Tell me a long story", model=model(name)) as result:
                async for text in result.stream_text(debounce_by=None):
                    yield text

        closed, left = words("gpt-4o-chunks-50-closed"), words("gpt-4o-chunks-50-open")
        print(await anext(closed))
        print((await listener.run("Are you there?", model=model("gpt-4o-meanwhile"))).output)
        await closed.aclose()
        print(await anext(left))
        message = {"role": "user", "content": "Hi there"}
        answer = await client.chat.completions.create(model="gpt-4o-direct", messages=[message])
        print(answer.choices[0].message.content)


asyncio.run(main())
