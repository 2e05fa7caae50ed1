"""The async client: at once, one after the other, and streamed beside it."""

import asyncio

from anthropic import AsyncAnthropic

TREE = """
chat first [end_turn]
chat second [end_turn]
chat third [end_turn]
chat streamed ~ [end_turn]
chat later [end_turn]
"""


async def main() -> None:
    async with AsyncAnthropic() as client:

        async def ask(model: str) -> str:
            messages = [{"role": "user", "content": f"Who comes {model}?"}]
            answer = await client.messages.create(model=model, max_tokens=100, messages=messages)
            return answer.content[0].text

        async def read(model: str) -> str:
            messages = [{"role": "user", "content": f"Who is {model}?"}]
            stream = await client.messages.create(model=model, max_tokens=100, messages=messages, stream=True)
            print(type(stream).__name__)
            return "".join([event.delta.text async for event in stream if event.type == "content_block_delta"])

        print(await asyncio.gather(ask("first"), ask("second"), read("streamed"), ask("third")))
        print(await ask("later"))


asyncio.run(main())
