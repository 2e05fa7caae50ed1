"""Content as it is asked for most: parameters, a system instruction, parts, and an answer that was read ahead."""

from google import genai
from google.genai import types

TREE = """
generate_content gemini-2.5-flash [STOP]
generate_content gemini-parameters [STOP]
generate_content gemini-parts [STOP]
generate_content gemini-turns [STOP]
generate_content gemini-json [STOP]
"""

client = genai.Client()
answer = client.models.generate_content(model="gemini-2.5-flash", contents="How is the sea?")
print(type(answer).__name__, answer.response_id, answer.text, answer.usage_metadata)
config = types.GenerateContentConfig(
    system_instruction="You know the world.", temperature=0.3, top_p=0.9, top_k=40, max_output_tokens=1000, seed=7,
    stop_sequences=["never"],
)
print(client.models.generate_content(model="gemini-parameters", contents="And the mountains?", config=config).text)
picture = types.Part.from_bytes(data=b"A" * 3000, mime_type="image/png")
contents = [picture, "What is on this picture?"]
answer = client.models.generate_content(model="gemini-parts", contents=contents)
contents.clear()
print(answer.text)
turns = [
    types.Content(role="user", parts=[types.Part(text="What is it called?")]),
    types.Content(role="model", parts=[types.Part(text="It has no name.")]),
    types.Content(role="user", parts=[types.Part(text="Give it a name then.")]),
]
print(client.models.generate_content(model="models/gemini-turns", contents=turns).text)
schema = {"type": "object", "properties": {"city": {"type": "string"}}}
config = {"response_mime_type": "application/json", "response_schema": schema}
print(client.models.generate_content(model="gemini-json", contents="Which city is it?", config=config).text)
print(client.models.count_tokens(model="gemini-counted", contents="How many tokens are these?").total_tokens)
