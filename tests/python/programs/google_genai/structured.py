"""Answers in the shape of a pydantic class, whole and streamed."""

from google import genai
from pydantic import BaseModel

TREE = """
generate_content gemini-2.0-flash [STOP]
generate_content gemini-2.0-flash ~ [STOP]
"""


class Place(BaseModel):
    name: str
    days: list[int]


client = genai.Client()
config = {"response_mime_type": "application/json", "response_schema": Place}
answer = client.models.generate_content(model="gemini-2.0-flash", contents="A place to go to", config=config)
print(repr(answer.parsed))
stream = client.models.generate_content_stream(model="gemini-2.0-flash", contents="Another place", config=config)
print("".join(chunk.text for chunk in stream))
