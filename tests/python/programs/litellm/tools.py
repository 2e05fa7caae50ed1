"""Tools, offered and called, to both shapes."""

import json

import litellm

TREE = """
chat gpt-4o-mini [tool_calls]
chat gpt-4o-mini [stop]
chat claude-sonnet-4-5 [tool_use]
chat claude-sonnet-4-5 [end_turn]
"""

litellm.suppress_debug_info = True

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}

for model in ("openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5"):
    messages = [{"role": "user", "content": "What is the weather in Paris?"}]
    answer = litellm.completion(model=model, messages=messages, tools=[WEATHER])
    message = answer.choices[0].message
    messages.append(message.model_dump())
    for call in message.tool_calls:
        print(call.function.name, json.loads(call.function.arguments))
        messages.append({"role": "tool", "tool_call_id": call.id, "content": "It is sunny there."})
    print(litellm.completion(model=model, messages=messages, tools=[WEATHER]).choices[0].message.content)
