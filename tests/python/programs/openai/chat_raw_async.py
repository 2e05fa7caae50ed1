"""Raw and streaming responses of the async client."""

import asyncio

from openai import AsyncOpenAI

TREE = """
chat raw [stop]
chat raw-stream ~ [stop]
chat streaming-parsed [stop]
chat streaming-stream ~ [stop]
chat streaming-bytes ~ [stop]
"""


def ask(model: str) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"Say it to {model}."}]}


async def main() -> None:
    async with AsyncOpenAI() as client:
        raw = client.chat.completions.with_raw_response
        streaming = client.chat.completions.with_streaming_response
        response = await raw.create(**ask("raw"))
        print(type(response).__name__, response.parse().id)
        response = await raw.create(**ask("raw-stream"), stream=True)
        print(len([chunk async for chunk in response.parse()]))
        async with streaming.create(**ask("streaming-parsed")) as response:
            print(type(response).__name__, (await response.parse()).id)
        async with streaming.create(**ask("streaming-stream"), stream=True) as response:
            print(len([chunk async for chunk in await response.parse()]))
        async with streaming.create(**ask("streaming-bytes"), stream=True) as response:
            print(b"".join([piece async for piece in response.iter_bytes()]).count(b"data:"))


asyncio.run(main())
