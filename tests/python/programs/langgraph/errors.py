"""A node that fails, a model that fails in one, one that is tried again, and a graph that never ends."""

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import RetryPolicy

TREE = """
invoke_agent node !LookupError
invoke_agent model !OpenAIAPIError 500
  chat fault-500 !OpenAIAPIError 500
invoke_agent again
  chat fault-500-once !OpenAIAPIError 500
  chat fault-500-once [stop]
invoke_agent endless !GraphRecursionError
  chat endless-model [stop]
  chat endless-model [stop]
  chat endless-model [stop]
"""


def compiled(name: str, think: object, *, retry: object = None, is_endless: bool = False) -> object:
    graph = StateGraph(MessagesState)
    graph.add_node("think", think, retry_policy=retry)
    graph.add_edge(START, "think")
    graph.add_edge("think", "think" if is_endless else END)
    return graph.compile(name=name)


def fail(state: MessagesState) -> dict:
    raise LookupError("nothing to think of")


def ask(model: str) -> object:
    chat = ChatOpenAI(model=model, max_retries=0)
    return lambda state: {"messages": [chat.invoke("What is there to think of?")]}


RETRY = RetryPolicy(initial_interval=0.01, max_attempts=2, retry_on=Exception)
graphs = [
    compiled("node", fail),
    compiled("model", ask("fault-500")),
    compiled("again", ask("fault-500-once"), retry=RETRY),
    compiled("endless", ask("endless-model"), is_endless=True),
]
for graph in graphs:
    try:
        print(len(graph.invoke({"messages": []}, {"recursion_limit": 3})["messages"]))
    except Exception as error:
        print(type(error).__name__, str(error)[:60])
