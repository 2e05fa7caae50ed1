"""Streams that are broken off, closed, left by an error, and let go."""

import gc

from google import genai

TREE = """
generate_content gemini-broken ~
generate_content gemini-closed ~
generate_content gemini-failed ~
generate_content gemini-let-go ~
"""

client = genai.Client()


def ask(model: str) -> object:
    return client.models.generate_content_stream(model=model, contents=f"Tell the story of {model}.")


broken = ask("gemini-broken")
for number, chunk in enumerate(broken):
    print(chunk.text)
    if number == 2:
        break
closed = ask("gemini-closed")
print(next(closed).text, next(closed).text)
closed.close()
try:
    for chunk in ask("gemini-failed"):
        raise LookupError("no more")
except LookupError as error:
    print(error)
let_go = ask("gemini-let-go")
print(next(let_go).text)
del let_go
gc.collect()
