"""Threads of the program: bare ones, pools, and contexts that are carried over."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
chat bare [stop]
execute_tool gather
  chat carried-1 [stop]
  chat carried-2 [stop]
chat pooled [stop]
chat pooled [stop]
"""


def ask(model: str) -> str:
    return ChatOpenAI(model=model).invoke(f"Which thread is this, {model}?").content


@tool
def gather(names: list[str]) -> list[str]:
    """Asks several models at once."""
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(contextvars.copy_context().run, ask, name) for name in names]
        return [one.result() for one in asked]


thread = Thread(target=lambda: print(ask("bare")))
thread.start()
thread.join()
print(gather.invoke({"names": ["carried-1", "carried-2"]}))
with ThreadPoolExecutor(2) as pool:
    print(list(pool.map(ask, ["pooled", "pooled"])))
