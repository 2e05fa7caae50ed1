"""Async responses, several at once, streamed and raw."""

import asyncio

from openai import AsyncOpenAI

TREE = """
responses one [completed]
responses two [completed]
responses streamed ~ [completed]
responses raw [completed]
"""


async def main() -> None:
    async with AsyncOpenAI() as client:
        answers = await asyncio.gather(
            client.responses.create(model="one", input="Who is number one?"),
            client.responses.create(model="two", input="Who is number two?"),
        )
        print([answer.output_text for answer in answers])
        stream = await client.responses.create(model="streamed", input="Tell the story of streams.", stream=True)
        print([event.type async for event in stream])
        raw = await client.responses.with_raw_response.create(model="raw", input="Tell it as it is.")
        print(raw.parse().output_text)


asyncio.run(main())
