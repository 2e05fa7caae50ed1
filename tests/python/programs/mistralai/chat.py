"""Chat, whole and streamed, and embeddings."""

import os

from mistralai.client import Mistral

TREE = """
chat mistral-small-latest [stop]
chat mistral-streamed ~ [stop]
chat mistral-every-100-left ~
embeddings mistral-embed
"""

client = Mistral(api_key="key", server_url=os.environ["VENDOR"] + "/mistral")


def question(model: str) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"How are you, {model}?"}]}


answer = client.chat.complete(**question("mistral-small-latest"), temperature=0.5, max_tokens=300)
print(type(answer).__name__, answer.choices[0].message.content)
print([event.data.choices[0].delta.content for event in client.chat.stream(**question("mistral-streamed"))])
with client.chat.stream(**question("mistral-every-100-left")) as stream:
    for number, event in enumerate(stream):
        print(event.data.choices[0].delta.content)
        if number == 2:
            break
print(len(client.embeddings.create(model="mistral-embed", inputs=["a first text", "a second text"]).data))
