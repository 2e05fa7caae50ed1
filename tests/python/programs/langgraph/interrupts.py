"""A graph that asks somebody, in a node and in a tool, and goes on: that is no error."""

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import Command, interrupt

TREE = """
invoke_agent asker @1
invoke_agent asker @1
  chat asker-model @1 [stop]
invoke_agent booker @2
  chat booker-model @2 [tool_calls]
  execute_tool book_hotel @2
invoke_agent booker @2
  execute_tool book_hotel @2
  chat booker-model @2 [stop]
"""


def think(state: MessagesState) -> dict:
    answer = interrupt("May I?")
    return {"messages": [ChatOpenAI(model="asker-model").invoke(f"They say {answer} to me.")]}


graph = StateGraph(MessagesState)
graph.add_node("think", think)
graph.add_edge(START, "think")
graph.add_edge("think", END)
asker = graph.compile(checkpointer=InMemorySaver(), name="asker")
config = {"configurable": {"thread_id": "1"}}
print(asker.invoke({"messages": []}, config)["__interrupt__"][0].value)
print(asker.invoke(Command(resume="yes"), config)["messages"][-1].content)


@tool
def book_hotel(city: str) -> str:
    """Books a hotel."""
    return f"Booked in {city}: {interrupt('Really?')}"


booker = create_agent(ChatOpenAI(model="booker-model"), tools=[book_hotel], checkpointer=InMemorySaver(), name="booker")
config = {"configurable": {"thread_id": "2"}}
print(booker.invoke({"messages": [("user", "Please book_hotel for me.")]}, config)["__interrupt__"][0].value)
print(booker.invoke(Command(resume="really"), config)["messages"][-1].content)
