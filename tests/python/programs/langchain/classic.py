"""The classic AgentExecutor: its agent streams by default; run once, and streamed step by step."""

import warnings

from langchain_classic.agents import AgentExecutor, create_tool_calling_agent
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
invoke_agent AgentExecutor
  chat classic ~ [tool_calls]
  execute_tool get_weather
  chat classic ~ [stop]
invoke_agent AgentExecutor
  chat classic ~ [tool_calls]
  execute_tool get_weather
  chat classic ~ [stop]
"""

warnings.simplefilter("ignore")


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


prompt = ChatPromptTemplate.from_messages([("system", "You know it."), ("user", "{input}"), ("placeholder", "{agent_scratchpad}")])
agent = create_tool_calling_agent(ChatOpenAI(model="classic"), [get_weather], prompt)
executor = AgentExecutor(agent=agent, tools=[get_weather])
print(executor.invoke({"input": "How is the weather in Paris?"}))
print([sorted(step) for step in executor.stream({"input": "How is the weather in Paris?"})])
