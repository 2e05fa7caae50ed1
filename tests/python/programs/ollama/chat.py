"""Chat, generate and embed, by a client and by the module's functions' client."""

import os

import ollama

TREE = """
chat llama3.2 [stop]
text_completion llama3.2 [stop]
embeddings nomic-embed-text
"""

client = ollama.Client(host=os.environ["VENDOR"])
answer = client.chat("llama3.2", [{"role": "user", "content": "How are you today?"}], options={"temperature": 0.5})
print(type(answer).__name__, answer.message.content)
print(client.generate("llama3.2", "Once upon a time").response)
print(len(client.embed("nomic-embed-text", ["a first text", "a second text"]).embeddings))
