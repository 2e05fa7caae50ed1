"""A request that is cancelled, one that runs into a timeout of asyncio, and the program going on."""

import asyncio

from anthropic import AsyncAnthropic

TREE = """
chat fault-hang-cancelled !CancelledError
chat fault-hang-timeout !CancelledError
chat after [end_turn]
"""


async def main() -> None:
    async with AsyncAnthropic() as client:

        async def ask(model: str) -> str:
            messages = [{"role": "user", "content": "Come back!"}]
            return (await client.messages.create(model=model, max_tokens=100, messages=messages)).content[0].text

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
