"""A run of the OpenAI Agents SDK in a transaction of `sentry_sdk`, which has an integration for it too.

`python workflow.py DSN VENDOR`
"""

import os
import sys

dsn, vendor = sys.argv[1:]
os.environ.update(OPENAI_BASE_URL=f"{vendor}/v1", OPENAI_API_KEY="key")

import sentry_sdk
import spanwire
from agents import Agent, Runner, function_tool, set_trace_processors

sentry_sdk.init(dsn=dsn, traces_sample_rate=1.0)
spanwire.init()
set_trace_processors([])


@function_tool
def search(query: str) -> str:
    """Searches."""
    with sentry_sdk.start_span(op="db", name="select"):
        return "found"


with sentry_sdk.start_transaction(name="job"):
    Runner.run_sync(Agent(name="finder", model="gpt-4o", tools=[search]), "Please search")
sentry_sdk.flush(10)
assert spanwire.flush(10)
