"""Errors of the server, sync and async, streamed and not, and none there."""

import asyncio
import os

import ollama

TREE = """
chat fault-401 !ResponseError 401
chat fault-429 !ResponseError 429
chat fault-500 !ResponseError 500
chat fault-500-streamed !ResponseError 500
chat fault-500-async !ResponseError 500
chat nobody !ConnectError
chat after [stop]
"""

HOST = os.environ["VENDOR"]
client = ollama.Client(host=HOST)
question = [{"role": "user", "content": "Does this go well?"}]
for model in ("fault-401", "fault-429", "fault-500"):
    try:
        client.chat(model, question)
    except ollama.ResponseError as error:
        print(error.status_code)
try:
    print(list(client.chat("fault-500-streamed", question, stream=True)))
except ollama.ResponseError as error:
    print(error.status_code)


async def main() -> None:
    try:
        await ollama.AsyncClient(host=HOST).chat("fault-500-async", question)
    except ollama.ResponseError as error:
        print(error.status_code)


asyncio.run(main())
try:
    ollama.Client(host="http://127.0.0.1:9").chat("nobody", question)
except ConnectionError as error:
    print(type(error).__name__)
print(client.chat("after", question).message.content)
