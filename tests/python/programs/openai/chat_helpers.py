"""The library's own helpers: `parse` with a model, `stream` with its events, the final completion."""

from openai import OpenAI
from pydantic import BaseModel

TREE = """
chat parsed [stop]
chat events ~ [stop]
chat until-done ~ [stop]
chat left ~
"""


class Trip(BaseModel):
    city: str
    days: list[int]


client = OpenAI()


def ask(model: str) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"Plan a trip with {model}."}]}


answer = client.chat.completions.parse(**ask("parsed"), response_format=Trip)
print(type(answer).__name__, answer.choices[0].message.parsed)
with client.chat.completions.stream(**ask("events"), response_format=Trip) as stream:
    print(type(stream).__name__, [event.type for event in stream])
with client.chat.completions.stream(**ask("until-done")) as stream:
    print(stream.get_final_completion().choices[0].message.content)
with client.chat.completions.stream(**ask("left")) as stream:
    for event in stream:
        print(event.type)
        break
