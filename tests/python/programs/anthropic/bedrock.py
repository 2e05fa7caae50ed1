"""The clients of Amazon Bedrock, whose streams are binary: whole, streamed, by the helper, raw, left, and refused."""

import asyncio
import os

from anthropic import AnthropicBedrock, AsyncAnthropicBedrock

TREE = """
chat whole [end_turn]
chat streamed ~ [end_turn]
chat helper ~ [end_turn]
chat raw-stream ~ [end_turn]
chat every-100-left ~
chat fault-429 !RateLimitError 429
chat fault-stream-error ~ !APIStatusError 200
chat whole-async [end_turn]
chat streamed-async ~ [end_turn]
chat bytes-async ~ [end_turn]
"""

OPTIONS = {
    "aws_access_key": "key",
    "aws_secret_key": "key",
    "aws_region": "us-east-1",
    "base_url": os.environ["VENDOR"],
    "max_retries": 0,
}
client = AnthropicBedrock(**OPTIONS)


def ask(model: str) -> dict[str, object]:
    return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": f"Say it to {model}."}]}


print(client.messages.create(**ask("whole")).content[0].text)
stream = client.messages.create(**ask("streamed"), stream=True)
print(type(stream).__name__, [event.type for event in stream])
with client.messages.stream(**ask("helper")) as helper:
    print(helper.get_final_text())
response = client.messages.with_raw_response.create(**ask("raw-stream"), stream=True)
print([event.type for event in response.parse()])
for number, event in enumerate(client.messages.create(**ask("every-100-left"), stream=True)):
    print(event.type)
    if number == 3:
        break
for model in ("fault-429", "fault-stream-error"):
    try:
        print([event.type for event in client.messages.create(**ask(model), stream=True)])
    except Exception as error:
        print(type(error).__name__)


async def main() -> None:
    async with AsyncAnthropicBedrock(**OPTIONS) as client:
        print((await client.messages.create(**ask("whole-async"))).content[0].text)
        print([event.type async for event in await client.messages.create(**ask("streamed-async"), stream=True)])
        streaming = client.messages.with_streaming_response
        async with streaming.create(**ask("bytes-async"), stream=True) as response:
            print(b"".join([piece async for piece in response.iter_bytes()]).count(b":event-type"))


asyncio.run(main())
