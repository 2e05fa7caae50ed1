"""Plain clients of HTTP with both: `python clients.py sentry|spanwire DSN VENDOR`; the argument says which is set up first."""

import asyncio
import sys

first, dsn, vendor = sys.argv[1:]

import httpx
import sentry_sdk
import spanwire


def set_sentry_up():
    sentry_sdk.init(dsn=dsn, traces_sample_rate=1.0)


def set_spanwire_up():
    spanwire.init(dsn)
    spanwire.instrument_httpx()


for set_up in (set_sentry_up, set_spanwire_up) if first == "sentry" else (set_spanwire_up, set_sentry_up):
    set_up()


def question(model):
    messages = [{"role": "user", "content": "Where to sleep?"}]
    return {"url": f"{vendor}/v1/chat/completions", "json": {"model": model, "messages": messages}}


async def ask():
    async with httpx.AsyncClient() as client:
        (await client.post(**question("async"))).raise_for_status()


with sentry_sdk.start_transaction(name="job"):
    httpx.post(**question("plain")).raise_for_status()
    asyncio.run(ask())
sentry_sdk.flush(10)
assert spanwire.flush(10)
hooked = httpx.Client.send
spanwire.uninstrument()
assert httpx.Client.send is not hooked
