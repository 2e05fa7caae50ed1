"""The classic agent: whole, streamed step by step, and async."""

import asyncio
import warnings

from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

warnings.simplefilter("ignore")

from langchain_classic.agents import AgentExecutor, create_tool_calling_agent

TREE = """
invoke_agent AgentExecutor
  chat gpt-4o ~ [tool_calls]
  execute_tool get_weather
  chat gpt-4o ~ [stop]
invoke_agent AgentExecutor
  chat gpt-4o ~ [tool_calls]
  execute_tool get_weather
  chat gpt-4o ~ [stop]
invoke_agent AgentExecutor
  chat gpt-4o ~ [tool_calls]
  execute_tool get_weather
  chat gpt-4o ~ [stop]
"""


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"Rain in {city}"


prompt = ChatPromptTemplate.from_messages(
    [("system", "Be brief, please."), ("human", "{input}"), ("placeholder", "{agent_scratchpad}")]
)
agent = create_tool_calling_agent(ChatOpenAI(model="gpt-4o", stream_usage=True), [get_weather], prompt)
executor = AgentExecutor(agent=agent, tools=[get_weather])
print(executor.invoke({"input": "What is the weather in Paris?"}))
for step in executor.stream({"input": "What is the weather in Rome?"}):
    print(sorted(step))
print(asyncio.run(executor.ainvoke({"input": "What is the weather in Oslo?"})))
