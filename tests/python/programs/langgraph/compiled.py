"""Compiled graphs: with messages and with a state of their own, whole and streamed in every mode."""

from typing import TypedDict

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph

TREE = """
invoke_agent talk
  chat gpt-4o-mini [stop]
  chat claude-sonnet-4-5 [end_turn]
invoke_agent talk
  chat gpt-4o-mini [stop]
  chat claude-sonnet-4-5 [end_turn]
invoke_agent talk
  chat gpt-4o-mini ~ [stop]
  chat claude-sonnet-4-5 ~ [end_turn]
invoke_agent talk
  chat gpt-4o-mini [stop]
  chat claude-sonnet-4-5 [end_turn]
invoke_agent LangGraph
  chat gpt-4o [stop]
"""


class State(TypedDict):
    topic: str
    joke: str


first, second = ChatOpenAI(model="gpt-4o-mini", stream_usage=True), ChatAnthropic(model="claude-sonnet-4-5")
talk = StateGraph(MessagesState)
talk.add_node("first", lambda state: {"messages": [first.invoke(state["messages"])]})
talk.add_node("second", lambda state: {"messages": [second.invoke(state["messages"])]})
talk.add_edge(START, "first")
talk.add_edge("first", "second")
talk.add_edge("second", END)
graph = talk.compile(name="talk")
question = {"messages": [{"role": "user", "content": "What do bees do all day?"}]}
print([message.content for message in graph.invoke(question)["messages"]])
print([list(update) for update in graph.stream(question)])
pieces = graph.stream({"messages": [("user", "What do wasps do all day?")]}, stream_mode="messages")
print(len(list(pieces)))
print([mode for mode, _ in graph.stream(question, stream_mode=["updates", "values"])])

joke = StateGraph(State)
joke.add_node("joke", lambda state: {"joke": ChatOpenAI(model="gpt-4o").invoke(f"A joke of {state['topic']}").content})
joke.add_edge(START, "joke")
print(joke.compile().invoke({"topic": "wasps"}))
