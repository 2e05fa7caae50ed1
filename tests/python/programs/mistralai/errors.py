"""Errors of the vendor, sync and async, one that nobody hears, and the program going on."""

import asyncio
import os

import httpx2
from mistralai.client import Mistral
from mistralai.client.errors import MistralError

TREE = """
chat fault-401 !SDKError 401
chat fault-429 !SDKError 429
chat fault-500 !SDKError 500
chat nobody !ConnectError
chat after [stop]
chat fault-500-async !SDKError 500
chat fault-401-streamed !SDKError 401
"""

SERVER = os.environ["VENDOR"] + "/mistral"
question = [{"role": "user", "content": "Does this go well?"}]


def ask(model: str, server_url: str = SERVER) -> None:
    client = Mistral(api_key="key", server_url=server_url)
    try:
        print(client.chat.complete(model=model, messages=question).choices[0].message.content)
    except MistralError as error:
        print(type(error).__name__, error.status_code)
    except httpx2.ConnectError as error:
        print(type(error).__name__)


async def main() -> None:
    client = Mistral(api_key="key", server_url=SERVER)
    try:
        await client.chat.complete_async(model="fault-500-async", messages=question)
    except MistralError as error:
        print(type(error).__name__, error.status_code)
    try:
        await client.chat.stream_async(model="fault-401-streamed", messages=question)
    except MistralError as error:
        print(type(error).__name__, error.status_code)


for model in ("fault-401", "fault-429", "fault-500"):
    ask(model)
ask("nobody", "http://127.0.0.1:9")
ask("after")
asyncio.run(main())
