"""A checkpointer: the thread is the conversation, and earlier turns are not counted again."""

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver

TREE = """
invoke_agent keeper @one
  chat keeper-model @one [tool_calls]
  execute_tool get_weather @one
  chat keeper-model @one [stop]
invoke_agent keeper @one
  chat keeper-model @one [stop]
invoke_agent keeper @two
  chat keeper-model @two [stop]
"""


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


agent = create_agent(ChatOpenAI(model="keeper-model"), tools=[get_weather], checkpointer=InMemorySaver(), name="keeper")
for thread, text in (("one", "How is the weather in Paris?"), ("one", "Thank you for that."), ("two", "Who was there before?")):
    answer = agent.invoke({"messages": [("user", text)]}, {"configurable": {"thread_id": thread}})
    print(len(answer["messages"]), answer["messages"][-1].content)
