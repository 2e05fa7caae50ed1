"""Async streams: read, broken off, closed, and cancelled in the middle."""

import asyncio

from openai import AsyncOpenAI

TREE = """
chat read ~ [stop]
chat broken ~
chat closed ~
chat cancelled-chunks-50-every-40 ~ !CancelledError
chat beside [stop]
"""


async def main() -> None:
    async with AsyncOpenAI() as client:

        async def ask(model: str) -> object:
            messages = [{"role": "user", "content": f"Tell the story of {model}."}]
            return await client.chat.completions.create(model=model, messages=messages, stream=True)

        stream = await ask("read")
        print(type(stream).__name__, [chunk.choices[0].delta.content async for chunk in stream])
        broken = await ask("broken")
        async for chunk in broken:
            print(chunk.id)
            break
        del broken
        async with await ask("closed") as closed:
            print((await anext(closed)).id)
        started = asyncio.Event()

        async def consume() -> None:
            async for chunk in await ask("cancelled-chunks-50-every-40"):
                if chunk.choices[0].delta.content:
                    started.set()

        task = asyncio.create_task(consume())
        await started.wait()
        task.cancel()
        try:
            await task
        except asyncio.CancelledError as error:
            print(type(error).__name__)
        answer = await client.chat.completions.create(model="beside", messages=[{"role": "user", "content": "Still there?"}])
        print(answer.choices[0].message.content)


asyncio.run(main())
