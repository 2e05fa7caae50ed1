"""The beta resource: whole, streamed, parsed, and tokens counted, which asks no model."""

from anthropic import Anthropic
from pydantic import BaseModel

TREE = """
chat whole [end_turn]
chat streamed ~ [end_turn]
chat helper ~ [end_turn]
chat parsed [end_turn]
"""


class Trip(BaseModel):
    city: str
    days: list[int]


client = Anthropic()


def ask(model: str) -> dict[str, object]:
    return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": f"Plan a trip with {model}."}]}


print(type(client.beta.messages.create(**ask("whole"), betas=["context-management-2025-06-27"])).__name__)
print([event.type for event in client.beta.messages.create(**ask("streamed"), stream=True)])
with client.beta.messages.stream(**ask("helper")) as stream:
    print(type(stream).__name__, stream.get_final_text())
print(client.beta.messages.parse(**ask("parsed"), output_format=Trip).parsed_output)
counted = {"model": "counted", "messages": [{"role": "user", "content": "How many tokens are these?"}]}
print(client.messages.count_tokens(**counted).input_tokens, client.beta.messages.count_tokens(**counted).input_tokens)
