"""Batches: siblings, each below what was current when the batch was asked for."""

import asyncio

from langchain.agents import create_agent
from langchain_core.messages import HumanMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

TREE = """
chat gpt-4o-mini [stop]
chat gpt-4o-mini [stop]
chat gpt-4o-mini [stop]
chat gpt-4o-mini [stop]
chat gpt-4o-mini [stop]
chat gpt-4o-mini [stop]
invoke_agent one
  chat gpt-4o [stop]
invoke_agent one
  chat gpt-4o [stop]
invoke_agent one
  chat gpt-4o [stop]
invoke_agent one
  chat gpt-4o [stop]
chat pair [stop]
chat pair [stop]
chat pair-async [stop]
chat pair-async [stop]
"""

chain = ChatPromptTemplate.from_template("Tell a joke about {topic}") | ChatOpenAI(model="gpt-4o-mini")
topics = [{"topic": topic} for topic in ("bees", "wasps", "ants")]
agent = create_agent(ChatOpenAI(model="gpt-4o"), [], name="one")
questions = [{"messages": [("user", f"What do you know of {topic}?")]} for topic in ("bees", "wasps")]
messages = [[HumanMessage("The first of the two")], [HumanMessage("And the second one")]]
pair = ChatOpenAI(model="pair").generate(messages)


async def main() -> None:
    print([answer.content for answer in await chain.abatch(topics)])
    print([answer["messages"][-1].content for answer in await agent.abatch(questions)])
    pair = await ChatOpenAI(model="pair-async").agenerate(messages)
    print([generations[0].text for generations in pair.generations])


print([answer.content for answer in chain.batch(topics)])
print([answer["messages"][-1].content for answer in agent.batch(questions)])
print([generations[0].text for generations in pair.generations])
asyncio.run(main())
