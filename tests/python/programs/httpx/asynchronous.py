"""Async clients, of `httpx` and of `httpx2`, whole and streamed, also at once and cancelled."""

import asyncio
import os

import httpx
import httpx2

TREE = """
chat by-httpx [stop]
chat by-httpx2 [stop]
chat streamed-by-httpx ~ [stop]
chat streamed-by-httpx2 ~ [stop]
chat at-once-0 [stop]
chat at-once-1 [stop]
chat fault-hang !CancelledError
"""

VENDOR = os.environ["VENDOR"]


def body(model: str, **options: object) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"How are you, {model}?"}], **options}


async def ask(client: object, model: str) -> int:
    return len((await client.post("/v1/chat/completions", json=body(model))).content)


async def main() -> None:
    for module in (httpx, httpx2):
        async with module.AsyncClient(base_url=VENDOR) as client:
            name = f"by-{module.__name__}"
            print(await ask(client, name))
            request = body(f"streamed-{name}", stream=True)
            async with client.stream("POST", "/v1/chat/completions", json=request) as response:
                print(len([line async for line in response.aiter_lines() if line]))
    async with httpx.AsyncClient(base_url=VENDOR) as client:
        print(await asyncio.gather(*(ask(client, f"at-once-{number}") for number in range(2))))
        try:
            await asyncio.wait_for(ask(client, "fault-hang"), 0.2)
        except asyncio.TimeoutError:
            print("too late")


asyncio.run(main())
