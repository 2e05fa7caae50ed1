"""Requests, streams and agents that are cancelled, and the program going on."""

import asyncio

from langchain.agents import create_agent
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

TREE = """
chat fault-hang-alone !CancelledError
chat fault-hang-chain !CancelledError
chat every-100-stream ~ !CancelledError
invoke_agent LangGraph !CancelledError
  chat fault-hang-agent !CancelledError
chat after [stop]
"""


async def read(model: str) -> None:
    async for chunk in ChatOpenAI(model=model).astream("Tell me a very long story"):
        print(chunk.content, "?")
        asyncio.current_task().cancel()


async def main() -> None:
    chain = ChatPromptTemplate.from_template("Tell a joke about {topic}") | ChatOpenAI(model="fault-hang-chain")
    agent = create_agent(ChatOpenAI(model="fault-hang-agent"), [])
    for waiting in (
        ChatOpenAI(model="fault-hang-alone").ainvoke("Come back some day!"),
        chain.ainvoke({"topic": "bees"}),
        agent.ainvoke({"messages": [("user", "Come back some day!")]}),
    ):
        try:
            await asyncio.wait_for(waiting, 0.3)
        except asyncio.TimeoutError:
            print("too late")
    try:
        await asyncio.create_task(read("every-100-stream"))
    except asyncio.CancelledError:
        print("cancelled")
    print((await ChatOpenAI(model="after").ainvoke("Is it over now?")).content)


asyncio.run(main())
