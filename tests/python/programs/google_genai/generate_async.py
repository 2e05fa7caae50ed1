"""The async client: at once, streamed beside it, and one after the other."""

import asyncio

from google import genai

TREE = """
generate_content gemini-first [STOP]
generate_content gemini-second [STOP]
generate_content gemini-streamed ~ [STOP]
generate_content gemini-later [STOP]
"""


async def main() -> None:
    client = genai.Client().aio

    async def ask(model: str) -> str:
        return (await client.models.generate_content(model=model, contents=f"Who is {model}?")).text

    async def read(model: str) -> str:
        stream = await client.models.generate_content_stream(model=model, contents=f"Who is {model}?")
        print(type(stream).__name__)
        return "".join([chunk.text or "" async for chunk in stream])

    print(await asyncio.gather(ask("gemini-first"), ask("gemini-second"), read("gemini-streamed")))
    print(await ask("gemini-later"))
    await client.aclose()


asyncio.run(main())
