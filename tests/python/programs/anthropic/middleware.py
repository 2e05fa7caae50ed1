"""Middleware that looks on, that answers itself, and that is there when a request is tried again."""

import asyncio

import anthropic
from anthropic import Anthropic, AsyncAnthropic

TREE = """
chat seen [end_turn]
chat fault-429-once [end_turn]
chat streamed ~ [end_turn]
chat fault-500 !InternalServerError 500
chat seen-async [end_turn]
"""


def look(request: object, call_next: object) -> object:
    response = call_next(request)
    print(request.json["model"], request.retries_taken, response.status_code)
    return response


async def look_async(request: object, call_next: object) -> object:
    response = await call_next(request)
    print(request.json["model"], response.status_code)
    return response


def ask(model: str) -> dict[str, object]:
    return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": f"Who looks at {model}?"}]}


client = Anthropic(middleware=[look], max_retries=1)
print(client.messages.create(**ask("seen")).id)
print(client.messages.create(**ask("fault-429-once")).id)
print([event.type for event in client.messages.create(**ask("streamed"), stream=True)])
try:
    client.with_options(max_retries=0).messages.create(**ask("fault-500"))
except anthropic.InternalServerError as error:
    print(error.status_code)


async def main() -> None:
    async with AsyncAnthropic(middleware=[look_async]) as client:
        print((await client.messages.create(**ask("seen-async"))).id)


asyncio.run(main())
