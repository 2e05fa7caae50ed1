"""A graph by hand: nodes that are functions, an edge that decides, run with `invoke` and with `stream`."""

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph
from openai import OpenAI

TREE = """
invoke_agent LangGraph
  chat think [stop]
  chat direct [stop]
invoke_agent Thinker
  chat think [stop]
  chat direct [stop]
chat between [stop]
"""


def think(state: MessagesState) -> dict:
    return {"messages": [ChatOpenAI(model="think").invoke(state["messages"])]}


def ask_directly(state: MessagesState) -> dict:
    messages = [{"role": "user", "content": "What do you think of it?"}]
    answer = OpenAI().chat.completions.create(model="direct", messages=messages)
    return {"messages": [("ai", answer.choices[0].message.content)]}


def compiled(**options: object) -> object:
    graph = StateGraph(MessagesState)
    graph.add_node("think", think)
    graph.add_node("ask", ask_directly)
    graph.add_edge(START, "think")
    graph.add_conditional_edges("think", lambda state: "ask" if len(state["messages"]) < 9 else END)
    graph.add_edge("ask", END)
    return graph.compile(**options)


question = {"messages": [("user", "What is there to think of?")]}
answer = compiled().invoke(question)
print(type(answer).__name__, [message.content for message in answer["messages"]])
for number, step in enumerate(compiled(name="Thinker").stream(question)):
    print(list(step))
    if number == 0:
        # An open stream is nobody's parent.
        print(ChatOpenAI(model="between").invoke("What is between the steps?").content)
