"""A checkpointer: each turn is a run of its own, in one conversation."""

from langchain.agents import create_agent
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver

TREE = """
invoke_agent remembering @one
  chat gpt-4o-mini @one [stop]
invoke_agent remembering @one
  chat gpt-4o-mini @one [stop]
invoke_agent remembering @two
  chat gpt-4o-mini @two [stop]
"""

agent = create_agent(ChatOpenAI(model="gpt-4o-mini"), [], name="remembering", checkpointer=InMemorySaver())
for thread, said in (("one", "My name is Ada, by the way"), ("one", "What is my name, please?"), ("two", "Who am I, then?")):
    config = {"configurable": {"thread_id": thread}}
    print(len(agent.invoke({"messages": [("user", said)]}, config)["messages"]))
