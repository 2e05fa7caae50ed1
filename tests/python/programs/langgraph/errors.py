"""Nodes that fail, models that refuse, retries, and too many steps."""

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI
from langgraph.errors import GraphRecursionError
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.types import RetryPolicy

TREE = """
invoke_agent refused !OpenAIRateLimitError 429
  chat fault-429 !OpenAIRateLimitError 429
invoke_agent retried
  chat fault-500-once !OpenAIAPIError 500
  chat fault-500-once [stop]
invoke_agent overloaded !AnthropicAPIError 500
  chat claude-fault-500 !AnthropicAPIError 500
invoke_agent endless !GraphRecursionError
  chat again [stop]
  chat again [stop]
"""


def built(name: str, model, policy: RetryPolicy | None = None, *, is_endless: bool = False):
    graph = StateGraph(MessagesState)
    graph.add_node("ask", lambda state: {"messages": [model.invoke(state["messages"])]}, retry_policy=policy)
    graph.add_edge(START, "ask")
    if is_endless:
        graph.add_edge("ask", "ask")
    return graph.compile(name=name)


question = {"messages": [("user", "Is anybody there?")]}
always = RetryPolicy(initial_interval=0.01, max_attempts=2, retry_on=Exception)
for graph in (
    built("refused", ChatOpenAI(model="fault-429", max_retries=0)),
    built("retried", ChatOpenAI(model="fault-500-once", max_retries=0), always),
    built("overloaded", ChatAnthropic(model="claude-fault-500", max_retries=0)),
    built("endless", ChatOpenAI(model="again"), is_endless=True),
):
    try:
        print(graph.invoke(question, {"recursion_limit": 2})["messages"][-1].content)
    except GraphRecursionError as error:
        print(type(error).__name__)
    except Exception as error:
        print(type(error).__name__, str(error)[:30])
