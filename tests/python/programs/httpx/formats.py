"""Requests in every wire format, by a client and by the module's functions; what goes to no model has no span."""

import os

import httpx

TREE = """
chat gpt-4o-mini [stop]
responses gpt-4o-mini [completed]
text_completion gpt-3.5-turbo-instruct [stop]
embeddings text-embedding-3-small
chat claude-sonnet-4-5 [end_turn]
generate_content gemini-2.0-flash [STOP]
chat command-a-03-2025 [COMPLETE]
rerank rerank-v3.5
chat llama3.2 [stop]
chat anthropic.claude-3-haiku-20240307-v1:0 [end_turn]
"""

VENDOR = os.environ["VENDOR"]
client = httpx.Client(base_url=VENDOR)


def messages(model: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": f"What is the capital of {model}?"}]


def post(path: str, body: dict[str, object]) -> None:
    answer = client.post(path, json=body)
    print(type(answer).__name__, answer.status_code, len(answer.content))


post("/v1/chat/completions", {"model": "gpt-4o-mini", "messages": messages("Spain"), "temperature": 0.5, "seed": 7})
answer = httpx.post(f"{VENDOR}/v1/responses", json={"model": "gpt-4o-mini", "input": "How are you today?"})
print(answer.json()["status"])
post("/v1/completions", {"model": "gpt-3.5-turbo-instruct", "prompt": "Once upon a time"})
post("/v1/embeddings", {"model": "text-embedding-3-small", "input": ["a first text", "a second text"]})
post("/v1/messages", {"model": "claude-sonnet-4-5", "max_tokens": 300, "messages": messages("Italy")})
text = {"role": "user", "parts": [{"text": "What is the capital of Chile?"}]}
post("/v1beta/models/gemini-2.0-flash:generateContent", {"contents": [text]})
post("/v2/chat", {"model": "command-a-03-2025", "messages": messages("Peru")})
post("/v2/rerank", {"model": "rerank-v3.5", "query": "Which of you is it?", "documents": ["the first", "the second"]})
post("/api/chat", {"model": "llama3.2", "messages": messages("Cuba"), "stream": False})
question = {"role": "user", "content": [{"text": "What is the capital of Kenya?"}]}
post("/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse", {"messages": [question]})
print(client.get("/v1/models").status_code)
