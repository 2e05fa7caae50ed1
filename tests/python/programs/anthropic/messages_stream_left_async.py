"""Async streams that are broken off, closed, and cancelled while they wait."""

import asyncio

from anthropic import AsyncAnthropic

TREE = """
chat broken ~
chat closed ~
chat claude-x-every-200 ~ !CancelledError
chat after [end_turn]
"""


async def main() -> None:
    async with AsyncAnthropic() as client:

        async def ask(model: str) -> object:
            messages = [{"role": "user", "content": f"Tell the story of {model}."}]
            return await client.messages.create(model=model, max_tokens=100, messages=messages, stream=True)

        async for event in await ask("broken"):
            if event.type == "content_block_delta":
                print(event.delta.text)
                break
        stream = await ask("closed")
        print([(await stream.__anext__()).type for _ in range(3)])
        await stream.close()
        seen = asyncio.Event()

        async def read() -> None:
            async for event in await ask("claude-x-every-200"):
                if event.type == "message_start":
                    seen.set()

        task = asyncio.create_task(read())
        await seen.wait()
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            print("cancelled")
        answer = await client.messages.create(
            model="after", max_tokens=100, messages=[{"role": "user", "content": "Are you still there?"}]
        )
        print(answer.content[0].text)


asyncio.run(main())
