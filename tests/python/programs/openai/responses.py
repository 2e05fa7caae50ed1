"""Responses: a text, a conversation, tools, parsed."""

import json

from openai import OpenAI
from pydantic import BaseModel

TREE = """
responses gpt-4o [completed]
responses gpt-4o [completed]
responses gpt-4.1 [completed]
responses gpt-4.1 [completed]
responses parsed [completed]
responses short [max_output_tokens]
"""


class Trip(BaseModel):
    city: str
    days: list[int]


client = OpenAI()
first = client.responses.create(model="gpt-4o", input="Who wrote Faust?", instructions="You know books.", temperature=0.3)
print(type(first).__name__, first.output_text, first.usage)
second = client.responses.create(model="gpt-4o", input="And what else?", previous_response_id=first.id)
print(second.output_text)
tool = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
items = [{"role": "user", "content": "How is the weather in Paris?"}]
response = client.responses.create(model="gpt-4.1", input=items, tools=[tool])
items += response.output
for call in response.output:
    if call.type == "function_call":
        city = json.loads(call.arguments)["city"]
        items.append({"type": "function_call_output", "call_id": call.call_id, "output": f"Rain in {city}"})
print(client.responses.create(model="gpt-4.1", input=items, tools=[tool]).output_text)
print(client.responses.parse(model="parsed", input="Plan a trip.", text_format=Trip).output_parsed)
print(client.responses.create(model="short", input="Tell a long story.", max_output_tokens=2).status)
