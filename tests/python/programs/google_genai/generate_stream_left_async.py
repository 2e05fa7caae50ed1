"""Async streams that are broken off, closed, and cancelled while they wait."""

import asyncio

from google import genai

TREE = """
generate_content gemini-broken ~
generate_content gemini-closed ~
generate_content gemini-x-every-200 ~ !CancelledError
generate_content gemini-after [STOP]
"""


async def main() -> None:
    client = genai.Client().aio

    async def ask(model: str) -> object:
        return await client.models.generate_content_stream(model=model, contents=f"Tell the story of {model}.")

    stream = await ask("gemini-broken")
    async for chunk in stream:
        print(chunk.text)
        break
    await stream.aclose()
    stream = await ask("gemini-closed")
    print((await anext(stream)).text, (await anext(stream)).text)
    await stream.aclose()
    seen = asyncio.Event()

    async def read() -> None:
        async for chunk in await ask("gemini-x-every-200"):
            seen.set()

    task = asyncio.create_task(read())
    await seen.wait()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    print((await client.models.generate_content(model="gemini-after", contents="Are you still there?")).text)
    await client.aclose()


asyncio.run(main())
