"""Streamed content: a loop, `next`, two loops, and one that nothing is ever read of."""

from google import genai

TREE = """
generate_content gemini-loop ~ [STOP]
generate_content gemini-next ~ [STOP]
generate_content gemini-two-loops ~ [STOP]
"""

client = genai.Client()


def ask(model: str) -> object:
    return client.models.generate_content_stream(model=model, contents=f"Tell the story of {model}.")


stream = ask("gemini-loop")
print(type(stream).__name__, [chunk.text for chunk in stream])
stream = ask("gemini-next")
print(next(stream).response_id, next(stream).text, "".join(chunk.text or "" for chunk in stream))
stream = ask("gemini-two-loops")
print(next(stream).text)
print([chunk.text for chunk in stream])
never = ask("gemini-never-asked")
del never
