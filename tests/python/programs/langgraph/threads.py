"""One graph, many threads at once: every run has its own requests."""

from concurrent.futures import ThreadPoolExecutor

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph

TREE = """
invoke_agent threads
  chat thread-1 [stop]
invoke_agent threads
  chat thread-2 [stop]
invoke_agent threads
  chat thread-3 [stop]
"""


def think(state: MessagesState) -> dict:
    model = state["messages"][-1].content
    return {"messages": [ChatOpenAI(model=model).invoke(f"Which one is {model}?")]}


graph = StateGraph(MessagesState)
graph.add_node("think", think)
graph.add_edge(START, "think")
graph.add_edge("think", END)
threads = graph.compile(name="threads")
with ThreadPoolExecutor(3) as pool:
    runs = [pool.submit(threads.invoke, {"messages": [("user", f"thread-{number}")]}) for number in (1, 2, 3)]
    print([run.result()["messages"][-1].content for run in runs])
