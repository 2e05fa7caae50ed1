"""OpenAI's responses below LangChain, whole and streamed, and its text completions."""

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAI

TREE = """
chat gpt-4o-mini [completed]
chat gpt-4o-mini ~ [completed]
chat gpt-4o-mini [completed]
text_completion gpt-3.5-turbo-instruct [stop]
"""


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"Rain in {city}"


model = ChatOpenAI(model="gpt-4o-mini", use_responses_api=True)
print(model.invoke("Tell me a joke about bees").text)
print(sum(len(chunk.text) for chunk in model.stream("Tell me a story of bees")))
print(model.bind_tools([get_weather]).invoke("What is the weather in Paris?").tool_calls[0]["args"])
print(OpenAI(model="gpt-3.5-turbo-instruct").invoke("Once upon a time"))
