"""A vendor that answers nonsense, nothing, half of it, or cuts off, below graphs that stream."""

import warnings

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph

warnings.simplefilter("ignore")

TREE = """
invoke_agent openai-nonsense !AttributeError
  chat fault-nonsense ~ !AttributeError
invoke_agent anthropic-nonsense !AttributeError
  chat claude-fault-nonsense ~ !AttributeError
invoke_agent openai-null-choices
  chat fault-null-choices ~
invoke_agent anthropic-null-choices !AttributeError
  chat claude-fault-null-choices ~ !AttributeError
invoke_agent openai-missing-fields
  chat fault-missing-fields ~
invoke_agent anthropic-missing-fields
  chat claude-fault-missing-fields ~
invoke_agent openai-cut !OpenAIConnectionError
  chat fault-cut ~ !OpenAIConnectionError
invoke_agent anthropic-cut !RemoteProtocolError
  chat claude-fault-cut ~ !RemoteProtocolError
invoke_agent openai-stream-error !APIError
  chat fault-stream-error ~ !APIError
invoke_agent anthropic-stream-error !APIStatusError 200
  chat claude-fault-stream-error ~ !APIStatusError 200
"""


def built(name: str, model):
    graph = StateGraph(MessagesState)
    graph.add_node("ask", lambda state: {"messages": [model.invoke(state["messages"])]})
    graph.add_edge(START, "ask")
    return graph.compile(name=name)


question = {"messages": [("user", "Does this make sense?")]}
for fault in ("nonsense", "null-choices", "missing-fields", "cut", "stream-error"):
    openai = ChatOpenAI(model=f"fault-{fault}", max_retries=0)
    anthropic = ChatAnthropic(model=f"claude-fault-{fault}", max_retries=0)
    for graph in (built(f"openai-{fault}", openai), built(f"anthropic-{fault}", anthropic)):
        try:
            print(fault, len(list(graph.stream(question, stream_mode="messages"))))
        except Exception as error:
            print(fault, type(error).__name__)
