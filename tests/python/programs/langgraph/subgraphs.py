"""Graphs in graphs: as a node, called in a node, an agent as a node, streamed with what is inside."""

from langchain.agents import create_agent
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph

TREE = """
invoke_agent outer
  invoke_agent inner
    chat inner-model [stop]
  invoke_agent called
    chat called-model [stop]
  invoke_agent expert
    chat expert-model [stop]
  chat chain-model [stop]
invoke_agent outer
  invoke_agent inner
    chat inner-model [stop]
  invoke_agent called
    chat called-model [stop]
  invoke_agent expert
    chat expert-model [stop]
  chat chain-model [stop]
"""


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


def small(name: str) -> object:
    graph = StateGraph(MessagesState)
    graph.add_node("think", lambda state: {"messages": [ChatOpenAI(model=f"{name}-model").invoke("What is it, please?")]})
    graph.add_edge(START, "think")
    graph.add_edge("think", END)
    return graph.compile(name=name)


called = small("called")
chain = ChatPromptTemplate.from_template("Is {what} a chain?") | ChatOpenAI(model="chain-model")
graph = StateGraph(MessagesState)
graph.add_node("inner", small("inner"))
graph.add_node("call", lambda state: {"messages": called.invoke({"messages": []})["messages"]})
graph.add_node("expert", create_agent(ChatOpenAI(model="expert-model"), tools=[get_weather], name="expert"))
graph.add_node("chain", lambda state: {"messages": [chain.invoke({"what": "this"})]})
for before, after in ((START, "inner"), ("inner", "call"), ("call", "expert"), ("expert", "chain"), ("chain", END)):
    graph.add_edge(before, after)
outer = graph.compile(name="outer")
question = {"messages": [("user", "How is the weather in Paris?")]}
print([message.content for message in outer.invoke(question)["messages"]])
print([(len(path), list(step)) for path, step in outer.stream(question, subgraphs=True)])
