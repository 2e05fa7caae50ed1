"""Runs that somebody cancels, that take too long, and streams that nobody wants any more, which is no failure."""

import asyncio

from pydantic_ai import Agent, CancellationToken, RunCancelled, RunTimedOut

TREE = """
invoke_agent cancelled !CancelledError
  chat fault-hang-1 !CancelledError
invoke_agent late !CancelledError
  chat fault-hang-2 !CancelledError
invoke_agent stopped !CancelledError
  chat fault-hang-3 !CancelledError
invoke_agent midway !CancelledError
  chat gpt-4o-chunks-100-every-20 ~ !CancelledError
invoke_agent left
  chat gpt-4o-chunks-100-every-20 ~
invoke_agent busy !CancelledError
  chat gpt-4o [tool_calls]
  execute_tool sleep !CancelledError
invoke_agent after
  chat gpt-4o [stop]
"""

busy = Agent("openai-chat:gpt-4o", name="busy")


@busy.tool_plain
async def sleep() -> None:
    """Sleeps."""
    asleep.set()
    await asyncio.sleep(60)


asleep = asyncio.Event()


async def read(agent: Agent, begun: asyncio.Event) -> None:
    async with agent.run_stream("Tell me a long story") as result:
        async for _ in result.stream_text(debounce_by=None):
            begun.set()


async def main() -> None:
    async def cancel(task: asyncio.Task) -> None:
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            print("cancelled")

    task = asyncio.create_task(Agent("openai-chat:fault-hang-1", name="cancelled").run("Come back!"))
    await asyncio.sleep(0.1)
    await cancel(task)
    try:
        await Agent("openai-chat:fault-hang-2", name="late").run("Come back!", timeout=0.1)
    except RunTimedOut as error:
        print(error)
    token = CancellationToken()
    run = Agent("openai-chat:fault-hang-3", name="stopped").run("Come back!", cancellation_token=token)
    asyncio.get_running_loop().call_later(0.1, token.cancel)
    try:
        await run
    except RunCancelled as error:
        print(error)
    begun = asyncio.Event()
    task = asyncio.create_task(read(Agent("openai-chat:gpt-4o-chunks-100-every-20", name="midway"), begun))
    await begun.wait()
    await cancel(task)
    async with Agent("openai-chat:gpt-4o-chunks-100-every-20", name="left").run_stream("Tell me a story") as result:
        async for text in result.stream_text(debounce_by=None):
            break
    task = asyncio.create_task(busy.run("Please sleep"))
    await asleep.wait()
    await cancel(task)
    print((await Agent("openai-chat:gpt-4o", name="after").run("Are you there?")).output)


asyncio.run(main())
