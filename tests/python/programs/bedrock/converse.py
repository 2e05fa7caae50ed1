"""Converse: plain, with settings, with an image, and with tools."""

import boto3

TREE = """
chat anthropic.claude-3-haiku-20240307-v1:0 [end_turn]
chat amazon.nova-lite-v1:0 [end_turn]
chat amazon.nova-tools-v1:0 [tool_use]
chat amazon.nova-tools-v1:0 [end_turn]
"""

client = boto3.client("bedrock-runtime")


def ask(model: str, messages: list[dict[str, object]], **options: object) -> dict[str, object]:
    answer = client.converse(modelId=model, messages=messages, **options)
    print(type(answer).__name__, answer["stopReason"], answer["output"]["message"]["content"])
    return answer["output"]["message"]


def user(*content: dict[str, object]) -> dict[str, object]:
    return {"role": "user", "content": list(content)}


settings = {"temperature": 0.5, "maxTokens": 300, "stopSequences": ["The end"]}
system = [{"text": "Answer like a pirate would."}]
question = [user({"text": "What is the capital of France?"})]
ask("anthropic.claude-3-haiku-20240307-v1:0", question, inferenceConfig=settings, system=system)
image = {"image": {"format": "png", "source": {"bytes": b"\x89PNG\r\n"}}}
ask("amazon.nova-lite-v1:0", [user({"text": "What is in this picture?"}, image)])
schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
weather = {"name": "get_weather", "description": "Tells the weather of a city", "inputSchema": {"json": schema}}
tools = {"tools": [{"toolSpec": weather}]}
messages = [user({"text": "What is the weather in Paris?"})]
answer = ask("amazon.nova-tools-v1:0", messages, toolConfig=tools)
results = [
    {"toolResult": {"toolUseId": part["toolUse"]["toolUseId"], "content": [{"text": "It is sunny there."}]}}
    for part in answer["content"]
    if "toolUse" in part
]
ask("amazon.nova-tools-v1:0", [*messages, answer, user(*results)], toolConfig=tools)
