"""Raw and streaming responses of the async client."""

import asyncio

from anthropic import AsyncAnthropic

TREE = """
chat raw [end_turn]
chat raw-stream ~ [end_turn]
chat streaming-parsed [end_turn]
chat streaming-stream ~ [end_turn]
chat streaming-bytes ~ [end_turn]
"""


def ask(model: str) -> dict[str, object]:
    return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": f"Say it to {model}."}]}


async def main() -> None:
    async with AsyncAnthropic() as client:
        raw = client.messages.with_raw_response
        streaming = client.messages.with_streaming_response
        response = await raw.create(**ask("raw"))
        print(type(response).__name__, (await response.parse()).id)
        response = await raw.create(**ask("raw-stream"), stream=True)
        print(len([event async for event in await response.parse()]))
        async with streaming.create(**ask("streaming-parsed")) as response:
            print(type(response).__name__, (await response.parse()).id)
        async with streaming.create(**ask("streaming-stream"), stream=True) as response:
            print(len([event async for event in await response.parse()]))
        async with streaming.create(**ask("streaming-bytes"), stream=True) as response:
            print(b"".join([piece async for piece in response.iter_bytes()]).count(b"data:"))


asyncio.run(main())
