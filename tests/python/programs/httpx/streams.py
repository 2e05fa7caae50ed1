"""Streams: by lines, by bytes, whole after all, left, and never read."""

import os

import httpx

TREE = """
chat lines ~ [stop]
chat bytes ~ [stop]
chat read ~ [stop]
chat claude-lines ~ [end_turn]
chat llama-lines ~ [stop]
chat amazon.nova-frames ~ [end_turn]
chat every-100-left ~
chat never-read
"""

client = httpx.Client(base_url=os.environ["VENDOR"])


def stream(model: str, path: str = "/v1/chat/completions") -> object:
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    return client.stream("POST", path, json={"model": model, "stream": True, "max_tokens": 300, "messages": messages})


with stream("lines") as response:
    print(sum(1 for line in response.iter_lines() if line))
with stream("bytes") as response:
    print(len(b"".join(response.iter_bytes())))
with stream("read") as response:
    print(len(response.read()), len(response.text))
with stream("claude-lines", "/v1/messages") as response:
    print(sum(1 for line in response.iter_lines() if line))
with stream("llama-lines", "/api/chat") as response:
    print(sum(1 for line in response.iter_lines() if line))
messages = [{"role": "user", "content": [{"text": "Tell the story of frames."}]}]
with client.stream("POST", "/model/amazon.nova-frames/converse-stream", json={"messages": messages}) as response:
    print(b"".join(response.iter_bytes()).count(b"contentBlockDelta"))
with stream("every-100-left") as response:
    for number, line in enumerate(filter(None, response.iter_lines())):
        print(line[:6])
        if number == 2:
            break
with stream("never-read") as response:
    print(response.status_code)
