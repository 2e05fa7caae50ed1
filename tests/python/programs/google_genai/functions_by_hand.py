"""A loop of function calls by hand, whole and streamed, with the results sent back."""

from google import genai
from google.genai import types

TREE = """
generate_content gemini-by-hand [STOP]
generate_content gemini-by-hand [STOP]
generate_content gemini-by-hand-parallel ~ [STOP]
generate_content gemini-by-hand-parallel ~ [STOP]
"""

client = genai.Client()
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "get_weather", "description": "The weather of a city", "parameters_json_schema": SCHEMA}
CONFIG = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[WEATHER])])


def ask(model: str, *, stream: bool) -> None:
    contents = [types.Content(role="user", parts=[types.Part(text="How is the weather in Paris?")])]
    while True:
        options = {"model": model, "contents": contents, "config": CONFIG}
        if stream:
            chunks = list(client.models.generate_content_stream(**options))
            parts = [part for chunk in chunks for part in chunk.candidates[0].content.parts or []]
        else:
            parts = client.models.generate_content(**options).candidates[0].content.parts
        contents.append(types.Content(role="model", parts=parts))
        calls = [part.function_call for part in parts if part.function_call]
        if not calls:
            break
        results = [
            types.Part(function_response=types.FunctionResponse(id=call.id, name=call.name, response={"sky": "rain"}))
            for call in calls
        ]
        contents.append(types.Content(role="user", parts=results))
    print(len(contents), [part.text for part in parts])


ask("gemini-by-hand", stream=False)
ask("gemini-by-hand-parallel", stream=True)
