"""Functions that the library calls by itself: one, several at once, one that fails, in a chat, and streamed."""

import logging

from google import genai
from google.genai import types

TREE = """
generate_content gemini-one [STOP]
execute_tool get_weather
generate_content gemini-one [STOP]
generate_content gemini-x-parallel [STOP]
execute_tool get_weather
execute_tool get_weather
generate_content gemini-x-parallel [STOP]
generate_content gemini-fails [STOP]
execute_tool find_hotel !LookupError
generate_content gemini-fails [STOP]
generate_content gemini-chat [STOP]
execute_tool get_weather
generate_content gemini-chat [STOP]
generate_content gemini-streamed ~ [STOP]
execute_tool get_weather
generate_content gemini-streamed ~ [STOP]
"""

logging.disable()
client = genai.Client()


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


def find_hotel(city: str) -> str:
    """A hotel in a city."""
    raise LookupError(f"no free hotel in {city}")


def ask(model: str, tool: object) -> object:
    config = types.GenerateContentConfig(tools=[tool])
    return client.models.generate_content(model=model, contents=f"Use {tool.__name__}.", config=config)


answer = ask("gemini-one", get_weather)
print(answer.text, len(answer.automatic_function_calling_history))
print(ask("gemini-x-parallel", get_weather).text)
print(ask("gemini-fails", find_hotel).text)
chat = client.chats.create(model="gemini-chat", config=types.GenerateContentConfig(tools=[get_weather]))
print(chat.send_message("How is the weather in Rome?").text)
config = types.GenerateContentConfig(tools=[get_weather])
stream = client.models.generate_content_stream(model="gemini-streamed", contents="And the weather in Oslo, how is it?", config=config)
print([chunk.text for chunk in stream])
