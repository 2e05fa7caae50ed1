"""The helpers of the async client."""

import asyncio

from anthropic import AsyncAnthropic

TREE = """
chat events ~ [end_turn]
chat texts ~ [end_turn]
chat final ~ [end_turn]
chat left ~
"""


def ask(model: str) -> dict[str, object]:
    return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": f"Plan a trip with {model}."}]}


async def main() -> None:
    async with AsyncAnthropic() as client:
        async with client.messages.stream(**ask("events")) as stream:
            print(type(stream).__name__, [event.type async for event in stream])
        async with client.messages.stream(**ask("texts")) as stream:
            print([text async for text in stream.text_stream])
        async with client.messages.stream(**ask("final")) as stream:
            print((await stream.get_final_message()).content[0].text)
        async with client.messages.stream(**ask("left")) as stream:
            async for text in stream.text_stream:
                print(text)
                break


asyncio.run(main())
