"""Answers that are errors, of which the program makes exceptions or none, and no answer at all."""

import asyncio
import os

import httpx

TREE = """
chat fault-429 !requests 429
chat claude-fault-500 !HTTPStatusError 500
chat fault-401 !HTTPStatusError 401
chat fault-401 !invalid_request_error 401
chat fault-429-later !HTTPStatusError 429
chat fault-500-async !HTTPStatusError 500
chat nobody !ConnectError
chat after [stop]
"""

VENDOR = os.environ["VENDOR"]
client = httpx.Client()


def body(model: str, **options: object) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"How are you, {model}?"}], **options}


def check(response: httpx.Response) -> None:
    try:
        response.raise_for_status()
    except httpx.HTTPStatusError as error:
        print(error.response.status_code)


print(client.post(f"{VENDOR}/v1/chat/completions", json=body("fault-429")).status_code)
check(client.post(f"{VENDOR}/v1/messages", json=body("claude-fault-500", max_tokens=300)))
check(client.post(f"{VENDOR}/v1/chat/completions", json=body("fault-401")))
request = body("fault-401", stream=True)
with client.stream("POST", f"{VENDOR}/v1/chat/completions", json=request) as response:
    print(response.status_code, len(response.read()))
with client.stream("POST", f"{VENDOR}/v1/chat/completions", json=body("fault-429-later", stream=True)) as response:
    check(response)


async def main() -> None:
    async with httpx.AsyncClient() as client:
        check(await client.post(f"{VENDOR}/v1/chat/completions", json=body("fault-500-async")))


asyncio.run(main())
try:
    client.post("http://127.0.0.1:9/v1/chat/completions", json=body("nobody"))
except httpx.ConnectError as error:
    print(type(error).__name__)
print(client.post(f"{VENDOR}/v1/chat/completions", json=body("after")).status_code)
