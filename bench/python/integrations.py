"""What each integration adds to a call: `integrations.py nothing|spanwire|sentry-sdk`.

Each library is called in a process of its own, with the interpreter of its environment in `BENCH_LIBRARIES`, and only
where the contestant has an integration for it. Prints nanoseconds of the caller's thread, the median of all calls.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vendor import QUESTION, VENDOR, set_up

os.environ.update(
    OPENAI_BASE_URL=f"{VENDOR}/v1",
    OPENAI_API_KEY="key",
    LITELLM_LOCAL_MODEL_COST_MAP="True",
    AWS_ACCESS_KEY_ID="key",
    AWS_SECRET_ACCESS_KEY="key",
)
#: Calls that are measured; those before them warm up.
CALLS, WARM_UP = 60, 10
MESSAGES: Any = [{"role": "user", "content": QUESTION}]

Call = Callable[[], object]


def openai() -> Call:
    from openai import OpenAI

    create = OpenAI().chat.completions.create
    return lambda: create(model="gpt-4o", messages=MESSAGES)


def anthropic() -> Call:
    from anthropic import Anthropic

    create = Anthropic(api_key="key", base_url=VENDOR).messages.create
    return lambda: create(model="claude-x", max_tokens=64, messages=MESSAGES)


def google_genai() -> Call:
    from google import genai

    client = genai.Client(api_key="key", http_options={"base_url": VENDOR})
    return lambda: client.models.generate_content(model="gemini-x", contents=QUESTION)


def openai_agents() -> Call:
    from agents import Agent, Runner, set_trace_processors

    set_trace_processors([])
    agent = Agent(name="Weather Agent", model="gpt-4o")
    return lambda: Runner.run_sync(agent, QUESTION)


def langchain() -> Call:
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model="gpt-4o")
    return lambda: model.invoke(QUESTION)


def langgraph() -> Call:
    from langchain.agents import create_agent

    agent = create_agent("openai:gpt-4o", name="Weather Agent")
    return lambda: agent.invoke({"messages": MESSAGES})


def litellm() -> Call:
    import litellm

    return lambda: litellm.completion(model="openai/gpt-4o", messages=MESSAGES)


def pydantic_ai() -> Call:
    from pydantic_ai import Agent

    agent = Agent("openai-chat:gpt-4o", name="Weather Agent")
    return lambda: agent.run_sync(QUESTION)


def mcp() -> Call:
    from mcp import Client
    from mcp.server.mcpserver import MCPServer

    server = MCPServer("weather")
    server.tool()(get_weather)
    loop = asyncio.new_event_loop()
    client = Client(server)
    loop.run_until_complete(client.__aenter__())
    return lambda: loop.run_until_complete(client.call_tool("get_weather", {"city": "Paris"}))


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


def cohere() -> Call:
    import cohere

    client = cohere.ClientV2(api_key="key", base_url=VENDOR)
    return lambda: client.chat(model="command-a", messages=MESSAGES)


def mistralai() -> Call:
    from mistralai.client import Mistral

    client = Mistral(api_key="key", server_url=f"{VENDOR}/mistral")
    return lambda: client.chat.complete(model="mistral-small", messages=MESSAGES)


def ollama() -> Call:
    import ollama

    client = ollama.Client(host=VENDOR)
    return lambda: client.chat("llama3.2", MESSAGES)


def huggingface_hub() -> Call:
    from huggingface_hub import InferenceClient

    client = InferenceClient(base_url=f"{VENDOR}/v1", api_key="key")
    return lambda: client.chat_completion(MESSAGES, model="llama-3.1")


def bedrock() -> Call:
    import boto3

    client = boto3.client("bedrock-runtime", endpoint_url=VENDOR, region_name="us-east-1")
    messages = [{"role": "user", "content": [{"text": QUESTION}]}]
    return lambda: client.converse(modelId="nova-x", messages=messages)


def httpx() -> Call:
    import httpx

    spanwire = sys.modules.get("spanwire")
    if spanwire is not None:
        spanwire.instrument_httpx(f"{VENDOR}/*")
    client = httpx.Client()
    body = {"model": "gpt-4o", "messages": MESSAGES}
    return lambda: client.post(f"{VENDOR}/v1/chat/completions", json=body).json()


#: The environments, and what is in them.
LIBRARIES: dict[str, list[Callable[[], Call]]] = {
    "openai": [openai, anthropic, google_genai],
    "langchain": [langchain, langgraph],
    "openai_agents": [openai_agents, pydantic_ai],
    "litellm": [litellm],
    "cohere": [mcp, cohere, mistralai, ollama, huggingface_hub, bedrock, httpx],
}
#: Those whose calls `sentry-sdk` does not know as calls of models.
OURS_ALONE = (cohere, ollama, bedrock, httpx)
#: Its integrations that have to be asked for.
ASKED_FOR = {"litellm": ["litellm.LiteLLMIntegration"], "mistralai": ["mistral.MistralIntegration"]}


def measured(call: Call) -> float:
    """Nanoseconds of this thread for a call."""
    times = []
    for _ in range(WARM_UP + CALLS):
        begin = time.thread_time_ns()
        call()
        times.append(time.thread_time_ns() - begin)
    return statistics.median(times[WARM_UP:])


def measured_in(environment: str, contestant: str, library: str) -> float:
    """What a process in the library's environment measures."""
    python = Path(os.environ["BENCH_LIBRARIES"], environment, "bin/python")
    command = [str(python), __file__, contestant, library, *sys.path]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def main(contestant: str, library: str | None = None, *behind: str) -> None:
    if library is not None:
        # What the contestant needs beside the library, which the library's own packages come before.
        sys.path.extend(path for path in behind if path.endswith("site-packages"))
        set_up(contestant, ASKED_FOR.get(library, ()))
        print(measured(globals()[library]()))
        return
    each = [(environment, one) for environment, ones in LIBRARIES.items() for one in ones]
    known = [(environment, one) for environment, one in each if contestant != "sentry-sdk" or one not in OURS_ALONE]
    print(json.dumps({f"{one.__name__}_ns": measured_in(where, contestant, one.__name__) for where, one in known}))


if __name__ == "__main__":
    main(*sys.argv[1:])
