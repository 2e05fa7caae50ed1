"""Graphs in graphs: as nodes, called in nodes, in chains, and a direct request in a node."""

from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from openai import OpenAI

TREE = """
invoke_agent outer
  invoke_agent inner
    chat gpt-4o-mini [stop]
  invoke_agent inner
    chat gpt-4o-mini [stop]
  chat in-chain [stop]
  chat direct [stop]
invoke_agent outer
  invoke_agent inner
    chat gpt-4o-mini [stop]
  invoke_agent inner
    chat gpt-4o-mini [stop]
  chat in-chain [stop]
  chat direct [stop]
"""

model = ChatOpenAI(model="gpt-4o-mini")
inner = StateGraph(MessagesState)
inner.add_node("ask", lambda state: {"messages": [model.invoke(state["messages"])]})
inner.add_edge(START, "ask")
inner = inner.compile(name="inner")

template = ChatPromptTemplate.from_messages([("system", "You are brief, always."), ("placeholder", "{messages}")])
chain = template | ChatOpenAI(model="in-chain") | StrOutputParser() | (lambda said: {"messages": [said]})


def direct(state: dict) -> dict:
    messages = [{"role": "user", "content": state["messages"][0].content}]
    answer = OpenAI().chat.completions.create(model="direct", messages=messages)
    return {"messages": [answer.choices[0].message.content]}


graph = StateGraph(MessagesState)
graph.add_node("as_node", inner)
graph.add_node("called", lambda state: {"messages": inner.invoke(state)["messages"][-1:]})
graph.add_node("chain", chain)
graph.add_node("direct", direct)
graph.add_edge(START, "as_node")
graph.add_edge("as_node", "called")
graph.add_edge("called", "chain")
graph.add_edge("chain", "direct")
graph = graph.compile(name="outer")
question = {"messages": [("user", "What do bees do all day?")]}
print(len(graph.invoke(question)["messages"]))
print([(len(path), list(update)) for path, update in graph.stream(question, subgraphs=True)])
