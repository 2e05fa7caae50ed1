"""Functions that the program calls tools itself: what the library runs of them has one span."""

from google import genai

try:
    from spanwire import tool
except ImportError:  # As it runs without Spanwire.

    def tool(function):
        return function


TREE = """
generate_content gemini-2.0-flash [STOP]
generate_content gemini-2.0-flash [STOP]
execute_tool get_weather
  execute_tool look_up
"""


@tool
def look_up(city: str) -> str:
    """Looks a city up."""
    return f"Rain in {city}"


@tool
def get_weather(city: str) -> str:
    """Tells the weather."""
    return look_up(city)


client = genai.Client()
config = {"tools": [get_weather]}
print(client.models.generate_content(model="gemini-2.0-flash", contents="What is the weather?", config=config).text)
