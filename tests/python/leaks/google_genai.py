"""Content of `google-genai`."""

from google import genai

client = genai.Client()
REQUEST = {"model": "gemini-2.5-flash", "contents": "Tell me a story."}


def ask():
    client.models.generate_content(**REQUEST)


def read():
    for _ in client.models.generate_content_stream(**REQUEST):
        pass


def leave():
    next(client.models.generate_content_stream(**REQUEST))
