"""Chat, embed and rerank, and tools."""

import os

import cohere

TREE = """
chat command-a-03-2025 [COMPLETE]
chat command-a-tools [TOOL_CALL]
embeddings embed-v4.0
rerank rerank-v3.5
"""

client = cohere.ClientV2(api_key="key", base_url=os.environ["VENDOR"])
messages = [{"role": "user", "content": "What is the capital of France?"}]
answer = client.chat(model="command-a-03-2025", messages=messages, temperature=0.5, max_tokens=300)
print(type(answer).__name__, answer.message.content[0].text)
tool = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
weather = [{"role": "user", "content": "What is the weather in Paris?"}]
answer = client.chat(model="command-a-tools", messages=weather, tools=[tool])
print([call.function.name for call in answer.message.tool_calls or []])
texts = ["a first text", "a second text"]
answer = client.embed(model="embed-v4.0", texts=texts, input_type="search_document", embedding_types=["float"])
print(len(answer.embeddings.float_))
answer = client.rerank(model="rerank-v3.5", query="Which of you is it?", documents=["the first one", "the second one"])
print(len(answer.results))
