"""A request that is cancelled, one that runs into a timeout of asyncio, and the program going on."""

import asyncio

from google import genai

TREE = """
generate_content gemini-fault-hang-cancelled !CancelledError
generate_content gemini-fault-hang-timeout !CancelledError
generate_content gemini-after [STOP]
"""


async def main() -> None:
    client = genai.Client().aio

    async def ask(model: str) -> str:
        return (await client.models.generate_content(model=model, contents="Come back!")).text

    task = asyncio.create_task(ask("gemini-fault-hang-cancelled"))
    await asyncio.sleep(0.1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    try:
        await asyncio.wait_for(ask("gemini-fault-hang-timeout"), 0.1)
    except asyncio.TimeoutError:
        print("too late")
    print(await ask("gemini-after"))
    await client.aclose()


asyncio.run(main())
