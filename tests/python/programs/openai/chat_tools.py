"""A loop of tool calls: whole, streamed, and several at once."""

import json

from openai import OpenAI

TREE = """
chat gpt-4o [tool_calls]
chat gpt-4o [stop]
chat gpt-4o-parallel ~ [tool_calls]
chat gpt-4o-parallel ~ [stop]
"""

client = OpenAI()
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather of a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
]


def get_weather(city: str) -> str:
    return f"Rain in {city}"


messages = [{"role": "user", "content": "How is the weather in Paris?"}]
while True:
    message = client.chat.completions.create(model="gpt-4o", messages=messages, tools=TOOLS).choices[0].message
    messages.append(message)
    if not message.tool_calls:
        break
    for call in message.tool_calls:
        result = get_weather(**json.loads(call.function.arguments))
        messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
print(type(message).__name__, message.content)

messages = [{"role": "user", "content": "How is the weather, in parallel?"}]
while True:
    calls, said = {}, ""
    for chunk in client.chat.completions.create(model="gpt-4o-parallel", messages=messages, tools=TOOLS, stream=True):
        delta = chunk.choices[0].delta
        said += delta.content or ""
        for piece in delta.tool_calls or []:
            call = calls.setdefault(piece.index, {"id": "", "name": "", "arguments": ""})
            call["id"] += piece.id or ""
            call["name"] += piece.function.name or ""
            call["arguments"] += piece.function.arguments or ""
    if not calls:
        break
    functions = [
        {"id": call["id"], "type": "function", "function": {"name": call["name"], "arguments": call["arguments"]}}
        for call in calls.values()
    ]
    messages.append({"role": "assistant", "tool_calls": functions})
    for call in calls.values():
        result = get_weather(**json.loads(call["arguments"]))
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})
print(len(messages), said)
