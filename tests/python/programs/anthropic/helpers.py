"""The library's own helpers: `parse` with a model, `stream` with its events, texts, and the final message."""

from anthropic import Anthropic
from pydantic import BaseModel

TREE = """
chat parsed [end_turn]
chat events ~ [end_turn]
chat texts ~ [end_turn]
chat until-done ~ [end_turn]
chat final-text ~ [end_turn]
chat parsed-stream ~ [end_turn]
chat left ~
"""


class Trip(BaseModel):
    city: str
    days: list[int]


client = Anthropic()


def ask(model: str) -> dict[str, object]:
    return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": f"Plan a trip with {model}."}]}


answer = client.messages.parse(**ask("parsed"), output_format=Trip)
print(type(answer).__name__, answer.parsed_output)
with client.messages.stream(**ask("events")) as stream:
    print(type(stream).__name__, [event.type for event in stream])
with client.messages.stream(**ask("texts")) as stream:
    print(list(stream.text_stream))
with client.messages.stream(**ask("until-done")) as stream:
    stream.until_done()
    print(stream.get_final_message().usage)
with client.messages.stream(**ask("final-text")) as stream:
    print(stream.get_final_text())
with client.messages.stream(**ask("parsed-stream"), output_format=Trip) as stream:
    print(stream.get_final_message().parsed_output)
with client.messages.stream(**ask("left")) as stream:
    for text in stream.text_stream:
        print(text)
        break
