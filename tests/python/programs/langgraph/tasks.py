"""Tasks of the functional API that go on, and begin, when their workflow is over: it asks somebody, or does not wait."""

import time

from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.func import entrypoint, task
from langgraph.types import Command, interrupt

TREE = """
invoke_agent LangGraph @workflow
  chat task-0 @workflow [stop]
  chat task-1 @workflow [stop]
invoke_agent LangGraph @workflow
invoke_agent LangGraph
  chat task-0 [stop]
  chat task-1 [stop]
"""


@task
def slow(number: int) -> str:
    time.sleep(0.1)
    return str(ChatOpenAI(model=f"task-{number}").invoke(f"What is task {number}?").content)


@entrypoint(checkpointer=InMemorySaver())
def asking(_: int) -> list[str]:
    futures = [slow(number) for number in range(2)]
    interrupt("Is it fine?")
    return [future.result() for future in futures]


@entrypoint()
def careless(_: int) -> str:
    for number in range(2):
        slow(number)
    return "It has begun."


config = {"configurable": {"thread_id": "workflow"}}
print("__interrupt__" in asking.invoke(1, config))
time.sleep(0.5)
print(asking.invoke(Command(resume=1), config))
print(careless.invoke(1))
time.sleep(0.5)
