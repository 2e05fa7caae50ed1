"""Raw and streaming responses, read in every way that there is."""

from anthropic import Anthropic

TREE = """
chat raw [end_turn]
chat raw-stream ~ [end_turn]
chat streaming-parsed [end_turn]
chat streaming-json [end_turn]
chat streaming-lines ~ [end_turn]
chat streaming-stream ~ [end_turn]
chat streaming-left
"""

client = Anthropic()
raw = client.messages.with_raw_response
streaming = client.messages.with_streaming_response


def ask(model: str) -> dict[str, object]:
    return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": f"Say it to {model}."}]}


response = raw.create(**ask("raw"))
print(type(response).__name__, response.status_code, response.parse().content[0].text)
response = raw.create(**ask("raw-stream"), stream=True)
print(type(response).__name__, type(response.parse()).__name__, len(list(response.parse())))
with streaming.create(**ask("streaming-parsed")) as response:
    print(type(response).__name__, response.headers["content-type"], response.parse().id)
with streaming.create(**ask("streaming-json")) as response:
    print(response.json()["id"])
with streaming.create(**ask("streaming-lines"), stream=True) as response:
    print(sum(line.startswith("data:") for line in response.iter_lines()))
with streaming.create(**ask("streaming-stream"), stream=True) as response:
    print(len(list(response.parse())))
with streaming.create(**ask("streaming-left")) as response:
    print(response.status_code)
