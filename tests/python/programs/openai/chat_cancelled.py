"""A request that is cancelled, one that runs into a timeout of asyncio, and the program going on."""

import asyncio

from openai import AsyncOpenAI

TREE = """
chat fault-hang-cancelled !CancelledError
chat fault-hang-timeout !CancelledError
chat after [stop]
"""


async def main() -> None:
    async with AsyncOpenAI() as client:

        async def ask(model: str) -> str:
            answer = await client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Come back!"}])
            return answer.choices[0].message.content

        task = asyncio.create_task(ask("fault-hang-cancelled"))
        await asyncio.sleep(0.1)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            print("cancelled")
        try:
            await asyncio.wait_for(ask("fault-hang-timeout"), 0.1)
        except asyncio.TimeoutError:
            print("too late")
        print(await ask("after"))


asyncio.run(main())
