"""Async streams that a loop has left: what they are made of goes at once, as without Spanwire, not with the collector."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import openai
import pytest
from conftest import QUESTION, Recorded, Servers

#: Turns of the loop within which closed generators are gone.
TURNS = 100


@pytest.mark.parametrize("is_raw", [False, True])
def test_a_stream_that_is_left_goes_at_once(start: Callable[..., Recorded], servers: Servers, is_raw: bool) -> None:
    start(send_default_pii=True)

    async def leave(client: Any) -> None:
        asked = client.chat.completions.with_raw_response if is_raw else client.chat.completions
        answer = await asked.create(model="every-100", messages=QUESTION, stream=True)
        stream = answer.parse() if is_raw else answer
        iterator = aiter(stream.response.aiter_bytes())
        await anext(iterator)

    async def main() -> set[str]:
        async with openai.AsyncOpenAI(base_url=f"{servers.vendor}/v1", api_key="key") as client:
            await leave(client)
            for _ in range(TURNS):
                await asyncio.sleep(0)
            return {generator.__qualname__ for generator in asyncio.get_running_loop()._asyncgens}

    gc.disable()
    try:
        assert "Response.aiter_bytes" not in asyncio.run(main())
    finally:
        gc.enable()
