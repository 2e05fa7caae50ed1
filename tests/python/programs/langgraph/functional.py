"""The functional API: tasks and entry points are graphs as well."""

from langchain_openai import ChatOpenAI
from langgraph.func import entrypoint, task

TREE = """
invoke_agent LangGraph
  chat bees [stop]
  chat wasps [stop]
"""


@task
def ask(topic: str) -> str:
    return ChatOpenAI(model=topic).invoke(f"What do you know of {topic}?").content


@entrypoint()
def tell(topics: list[str]) -> list[str]:
    asked = [ask(topic) for topic in topics]
    return [one.result() for one in asked]


print(tell.invoke(["bees", "wasps"]))
