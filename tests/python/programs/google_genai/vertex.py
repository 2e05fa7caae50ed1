"""Vertex AI: content, a stream, embeddings by both of its methods, and a picture, which is none of these."""

from google import genai
from google.genai import errors

TREE = """
generate_content gemini-2.5-pro [STOP]
generate_content gemini-2.5-pro ~ [STOP]
embeddings text-embedding-005
"""

client = genai.Client(vertexai=True, api_key="key")
print(client.models.generate_content(model="gemini-2.5-pro", contents="How is the sea in the cloud?").text)
stream = client.models.generate_content_stream(model="gemini-2.5-pro", contents="How are the clouds in the sea?")
print([chunk.text for chunk in stream])
print(len(client.models.embed_content(model="text-embedding-005", contents=["What is this?", "And that?"]).embeddings))
try:
    client.models.generate_images(model="imagen-4.0-generate-001", prompt="A picture of the sea")
except (errors.APIError, ValueError) as error:
    print(type(error).__name__)
