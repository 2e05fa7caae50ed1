"""Agents and models where the integrations of the clients are off: LangChain itself says what it knows."""

from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
invoke_agent openai
  chat gpt-parallel [tool_calls]
  execute_tool get_weather
  execute_tool get_weather
  chat gpt-parallel [stop]
invoke_agent anthropic
  chat claude-x [tool_use]
  execute_tool get_weather
  chat claude-x [end_turn]
chat gpt-settings [stop]
chat gpt-schema [stop]
"""


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


question = {"messages": [("user", "How is the weather in Paris?")]}
prompt = "You know the weather."
agent = create_agent(ChatOpenAI(model="gpt-parallel"), tools=[get_weather], system_prompt=prompt, name="openai")
print([type(message).__name__ for message in agent.invoke(question)["messages"]])
agent = create_agent(ChatAnthropic(model="claude-x", max_tokens=100), tools=[get_weather], system_prompt=prompt, name="anthropic")
print([type(message).__name__ for message in agent.invoke(question)["messages"]])
model = ChatOpenAI(model="gpt-settings", temperature=0.3, max_tokens=50, top_p=0.9, seed=7)
print(model.invoke("How are the mountains?").content)
print(ChatOpenAI(model="gpt-schema").with_structured_output({"title": "Trip", "type": "object", "properties": {"city": {"type": "string"}}}).invoke("Plan a trip for me."))
