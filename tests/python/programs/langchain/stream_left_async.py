"""Async streams that are left, closed or dropped, and what is asked afterwards."""

import asyncio

from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI

TREE = """
chat every-100-left ~
chat claude-every-100-left ~
chat every-100-closed ~
invoke_agent LangGraph
  chat every-100-agent ~ !CancelledError
chat after [stop]
"""

QUESTION = "Tell me a very long story"


async def main() -> None:
    for model in (ChatOpenAI(model="every-100-left"), ChatAnthropic(model="claude-every-100-left")):
        count = 0
        async for chunk in model.astream(QUESTION):
            count += 1
            if count == 3:
                break
        print(chunk.content)
    stream = ChatOpenAI(model="every-100-closed").astream(QUESTION)
    print([(await anext(stream)).content for _ in range(3)])
    await stream.aclose()
    agent = create_agent(ChatOpenAI(model="every-100-agent"), [])
    stream = agent.astream({"messages": [("user", QUESTION)]}, stream_mode="messages")
    print([(await anext(stream))[0].content for _ in range(3)])
    await stream.aclose()
    print((await ChatOpenAI(model="after").ainvoke("Is it over now?")).content)


asyncio.run(main())
