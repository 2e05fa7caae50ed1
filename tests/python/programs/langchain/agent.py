"""An agent of `create_agent`: whole, streamed, and with several tools at once."""

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
invoke_agent weather
  chat gpt-4o [tool_calls]
  execute_tool get_weather
  chat gpt-4o [stop]
invoke_agent weather
  chat gpt-4o [tool_calls]
  execute_tool get_weather
  chat gpt-4o [stop]
invoke_agent LangGraph
  chat gpt-4o-parallel [tool_calls]
  execute_tool get_weather
  execute_tool get_weather
  chat gpt-4o-parallel [stop]
"""


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"Rain in {city}"


QUESTION = {"messages": [("user", "What is the weather in Paris?")]}
agent = create_agent(ChatOpenAI(model="gpt-4o"), [get_weather], name="weather", system_prompt="Be brief, please.")
print(agent.invoke(QUESTION)["messages"][-1].content)
for update in agent.stream(QUESTION):
    print(list(update))
parallel = create_agent(ChatOpenAI(model="gpt-4o-parallel"), [get_weather])
print([type(message).__name__ for message in parallel.invoke(QUESTION)["messages"]])
