"""Raw and streaming responses, read in every way that there is."""

from openai import OpenAI

TREE = """
chat raw [stop]
chat raw-stream ~ [stop]
chat streaming-parsed [stop]
chat streaming-json [stop]
chat streaming-lines ~ [stop]
chat streaming-stream ~ [stop]
chat streaming-left
"""

client = OpenAI()
raw = client.chat.completions.with_raw_response
streaming = client.chat.completions.with_streaming_response


def ask(model: str) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"Say it to {model}."}]}


response = raw.create(**ask("raw"))
print(type(response).__name__, response.status_code, response.parse().choices[0].message.content)
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
