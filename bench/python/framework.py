"""Ten runs of an agent, each with a tool call, against the local vendor: `framework.py spanwire|sentry-sdk`.

Prints nanoseconds of the whole process that are added to all ten of them, in the row that took least.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable

from vendor import VENDOR, added

os.environ.update(OPENAI_BASE_URL=f"{VENDOR}/v1", OPENAI_API_KEY="key")
TIMES, RUNS = 20, 10


def langgraph() -> Callable[[], object]:
    from langchain.agents import create_agent

    def search(query: str) -> str:
        """Searches."""
        return f"Found {query}"

    agent = create_agent("openai:gpt-4o", tools=[search])
    return lambda: agent.invoke({"messages": [{"role": "user", "content": "Please search"}]})


def openai_agents() -> Callable[[], object]:
    from agents import Agent, Runner, function_tool, set_trace_processors

    set_trace_processors([])

    @function_tool
    def search(query: str) -> str:
        """Searches."""
        return f"Found {query}"

    agent = Agent(name="searcher", model="gpt-4o", tools=[search])
    return lambda: Runner.run_sync(agent, "Please search")


def measured(work: Callable[[], object]) -> float:
    for _ in range(3):
        work()
    gc.collect()
    return min(in_a_row(work) for _ in range(TIMES))


def in_a_row(work: Callable[[], object]) -> int:
    begin = time.process_time_ns()
    for _ in range(RUNS):
        work()
    return time.process_time_ns() - begin


def figures() -> dict[str, float]:
    return {"langgraph_ns": measured(langgraph()), "openai_agents_ns": measured(openai_agents())}


if __name__ == "__main__":
    print(json.dumps(added(figures, sys.argv[1])))
