"""The inference client: chat completions, whole and streamed, and with tools."""

import os

from huggingface_hub import InferenceClient

TREE = """
chat meta-llama/Llama-3.1-8B [stop]
chat streamed ~ [stop]
chat every-100-left ~
"""

client = InferenceClient(base_url=os.environ["VENDOR"] + "/v1", api_key="key")


def question(model: str) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"How are you, {model}?"}]}


answer = client.chat.completions.create(**question("meta-llama/Llama-3.1-8B"), temperature=0.5, max_tokens=300)
print(type(answer).__name__, answer.choices[0].message.content)
print([part.choices[0].delta.content for part in client.chat_completion(**question("streamed"), stream=True)])
for number, part in enumerate(client.chat_completion(**question("every-100-left"), stream=True)):
    print(part.choices[0].delta.content)
    if number == 2:
        break
client.close()
