"""Errors, sync and async, streamed and not: every try is a request, and the last one has the library's error."""

import asyncio
import os

import cohere
import httpx

TREE = """
chat fault-401 !UnauthorizedError 401
chat fault-500 !InternalServerError 500
chat nobody !ConnectError
chat fault-429-once !429 429
chat fault-429-once [COMPLETE]
chat fault-429 !TooManyRequestsError 429
chat fault-401-streamed !UnauthorizedError 401
chat fault-500-async !InternalServerError 500
chat after [COMPLETE]
"""

VENDOR = os.environ["VENDOR"]
once = {"max_retries": 0}


def ask(model: str, base_url: str = VENDOR, **options: object) -> None:
    client = cohere.ClientV2(api_key="key", base_url=base_url)
    try:
        answer = client.chat(model=model, messages=[{"role": "user", "content": "Does this go well?"}], **options)
        print(answer.message.content[0].text)
    except cohere.core.ApiError as error:
        print(type(error).__name__, error.status_code)
    except httpx.ConnectError as error:
        print(type(error).__name__)


async def main() -> None:
    client = cohere.AsyncClientV2(api_key="key", base_url=VENDOR)
    question = [{"role": "user", "content": "And this?"}]
    try:
        await client.chat(model="fault-500-async", messages=question, request_options=once)
    except cohere.core.ApiError as error:
        print(type(error).__name__, error.status_code)


ask("fault-401")
ask("fault-500", request_options=once)
ask("nobody", "http://127.0.0.1:9", request_options=once)
ask("fault-429-once")
ask("fault-429", request_options=once)
client = cohere.ClientV2(api_key="key", base_url=VENDOR)
try:
    for event in client.chat_stream(model="fault-401-streamed", messages=[{"role": "user", "content": "And so?"}]):
        print(event.type)
except cohere.core.ApiError as error:
    print(type(error).__name__, error.status_code)
asyncio.run(main())
ask("after")
