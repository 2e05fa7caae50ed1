"""An agent on Anthropic's models, run once and streamed by token."""

from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_core.tools import tool

TREE = """
invoke_agent Weather Agent
  chat claude-x [tool_use]
  execute_tool get_weather
  chat claude-x [end_turn]
invoke_agent Weather Agent
  chat claude-streamed ~ [tool_use]
  execute_tool get_weather
  chat claude-streamed ~ [end_turn]
"""


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"




def agent(model: str) -> object:
    chat = ChatAnthropic(model=model, max_tokens=1000)
    return create_agent(chat, tools=[get_weather], system_prompt="You know the weather.", name="Weather Agent")


question = {"messages": [("user", "How is the weather in Paris?")]}
print(agent("claude-x").invoke(question)["messages"][-1].content)
print("".join(str(message.content) for message, _ in agent("claude-streamed").stream(question, stream_mode="messages"))[-40:])
