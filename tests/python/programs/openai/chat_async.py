"""Async chat completions, many of them at once."""

import asyncio

from openai import AsyncOpenAI

TREE = """
chat first [stop]
chat gathered-0 [stop]
chat gathered-1 [stop]
chat gathered-2 [stop]
chat gathered-3 [stop]
chat gathered-4 [stop]
"""


async def main() -> None:
    async with AsyncOpenAI() as client:

        async def ask(model: str) -> str:
            answer = await client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": f"Who are you, {model}?"}]
            )
            return answer.choices[0].message.content

        print(await ask("first"))
        print(await asyncio.gather(*(ask(f"gathered-{number}") for number in range(5))))


asyncio.run(main())
