"""A model that thinks: whole, streamed, and what it thought sent back to it."""

from google import genai
from google.genai import types

TREE = """
generate_content gemini-x-thinking [STOP]
generate_content gemini-x-thinking [STOP]
generate_content gemini-x-thinking ~ [STOP]
"""

client = genai.Client()
config = types.GenerateContentConfig(thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_budget=512))
contents = [types.Content(role="user", parts=[types.Part(text="How many roads are there?")])]
answer = client.models.generate_content(model="gemini-x-thinking", contents=contents, config=config)
print([part.thought for part in answer.candidates[0].content.parts], answer.usage_metadata.thoughts_token_count)
contents += [answer.candidates[0].content, types.Content(role="user", parts=[types.Part(text="Are you sure?")])]
print(client.models.generate_content(model="gemini-x-thinking", contents=contents, config=config).text)
stream = client.models.generate_content_stream(model="gemini-x-thinking", contents="And rivers?", config=config)
print([chunk.text for chunk in stream])
