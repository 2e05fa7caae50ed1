"""Requests that are cancelled, and the program going on."""

import asyncio

import litellm

TREE = """
chat fault-hang !CancelledError
chat claude-fault-hang !CancelledError
chat every-500 ~ !CancelledError
chat after [stop]
"""

litellm.suppress_debug_info = True


async def ask(model: str, **options: object) -> object:
    return await litellm.acompletion(model=model, messages=[{"role": "user", "content": "Come back!"}], **options)


async def read(model: str, has_begun: asyncio.Event) -> None:
    async for _ in await ask(model, stream=True):
        has_begun.set()


async def main() -> None:
    for model in ("openai/fault-hang", "anthropic/claude-fault-hang"):
        try:
            await asyncio.wait_for(ask(model), 0.5)
        except asyncio.TimeoutError:
            print("too late")
    has_begun = asyncio.Event()
    task = asyncio.create_task(read("openai/every-500", has_begun))
    await has_begun.wait()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    print((await ask("openai/after")).choices[0].message.content)


asyncio.run(main())
