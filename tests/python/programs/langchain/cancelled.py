"""A call that is cancelled, one that runs into a timeout, a cancelled agent and stream, and the program going on."""

import asyncio

from langchain.agents import create_agent
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI

TREE = """
chat fault-hang-cancelled !CancelledError
chat fault-hang-timeout !CancelledError
invoke_agent slow !CancelledError
  chat fault-hang-agent !CancelledError
chat gpt-every-200 ~ !CancelledError
chat direct [stop]
chat after [stop]
"""


async def main() -> None:
    task = asyncio.create_task(ChatOpenAI(model="fault-hang-cancelled").ainvoke("Come back!"))
    await asyncio.sleep(0.2)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    try:
        await asyncio.wait_for(ChatOpenAI(model="fault-hang-timeout").ainvoke("Come back!"), 0.2)
    except asyncio.TimeoutError:
        print("too late")
    agent = create_agent(ChatOpenAI(model="fault-hang-agent"), tools=[], name="slow")
    try:
        await asyncio.wait_for(agent.ainvoke({"messages": [("user", "Come back, agent!")]}), 0.3)
    except asyncio.TimeoutError:
        print("too late again")
    seen = asyncio.Event()

    async def read() -> None:
        async for chunk in ChatOpenAI(model="gpt-every-200").astream("Tell a long story."):
            if chunk.content:
                seen.set()

    task = asyncio.create_task(read())
    await seen.wait()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    async with AsyncOpenAI() as client:
        answer = await client.chat.completions.create(model="direct", messages=[{"role": "user", "content": "And directly?"}])
        print(answer.choices[0].message.content)
    print((await ChatOpenAI(model="after").ainvoke("Are you still there?")).content)


asyncio.run(main())
