"""An agent of `create_agent` with a tool, run once and streamed."""

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
invoke_agent Weather Agent
  chat gpt-4o [tool_calls]
  execute_tool get_weather
  chat gpt-4o [stop]
invoke_agent Weather Agent
  chat gpt-4o [tool_calls]
  execute_tool get_weather
  chat gpt-4o [stop]
"""


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


agent = create_agent(ChatOpenAI(model="gpt-4o"), tools=[get_weather], system_prompt="You know the weather.", name="Weather Agent")
question = {"messages": [("user", "How is the weather in Paris?")]}
answer = agent.invoke(question)
print(type(answer).__name__, len(answer["messages"]), answer["messages"][-1].content)
for step in agent.stream(question):
    print(list(step))
