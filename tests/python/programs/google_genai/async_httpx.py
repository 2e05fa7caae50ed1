"""Async over `httpx2`, which a program asks for where `aiohttp` is there too: whole, streamed, left, cut, cancelled."""

import asyncio

import httpx2
from google import genai

TREE = """
generate_content gemini-2.0-flash [STOP]
generate_content gemini-2.5-flash ~ [STOP]
generate_content broken ~
generate_content fault-cut ~ !RemoteProtocolError
generate_content fault-500 !ServerError 500
generate_content cancelled-every-200 ~ !CancelledError
generate_content fault-hang !CancelledError
embeddings gemini-embedding-001
"""


async def main() -> None:
    transport = {"transport": httpx2.AsyncHTTPTransport()}
    async with genai.Client(http_options={"async_client_args": transport}).aio as client:

        async def ask(model: str) -> object:
            return await client.models.generate_content_stream(model=model, contents=f"Tell the story of {model}.")

        print((await client.models.generate_content(model="gemini-2.0-flash", contents="Hello, httpx2")).text)
        print([chunk.text async for chunk in await ask("gemini-2.5-flash")])
        async for chunk in await ask("broken"):
            print(chunk.text)
            break
        try:
            print([chunk.text async for chunk in await ask("fault-cut")])
        except httpx2.RemoteProtocolError as error:
            print(error)
        try:
            await client.models.generate_content(model="fault-500", contents="Will it work?")
        except genai.errors.ServerError as error:
            print(error)
        came = asyncio.Event()

        async def read() -> None:
            async for _ in await ask("cancelled-every-200"):
                came.set()

        task = asyncio.create_task(read())
        await came.wait()
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            print("cancelled")
        try:
            await asyncio.wait_for(client.models.generate_content(model="fault-hang", contents="Come back!"), 0.5)
        except asyncio.TimeoutError:
            print("too late")
        answer = await client.models.embed_content(model="gemini-embedding-001", contents="Embed this over httpx2")
        print(len(answer.embeddings))


asyncio.run(main())
