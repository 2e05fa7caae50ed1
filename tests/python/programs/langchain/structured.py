"""Structured output, by a schema of the vendor and by a tool; and tools that are only offered."""

from langchain_anthropic import ChatAnthropic
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

TREE = """
chat gpt-4o [stop]
chat gpt-4o [tool_calls]
chat claude-sonnet-4-5 [tool_use]
chat gpt-4o-mini [tool_calls]
"""


class Weather(BaseModel):
    """The weather of a city."""

    city: str


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"Rain in {city}"


for method in ("json_schema", "function_calling"):
    model = ChatOpenAI(model="gpt-4o").with_structured_output(Weather, method=method, include_raw=True)
    print(sorted(model.invoke("What is the weather in Paris?")))
model = ChatAnthropic(model="claude-sonnet-4-5").with_structured_output(Weather, include_raw=True)
print(sorted(model.invoke("What is the weather in Paris?")))
print(ChatOpenAI(model="gpt-4o-mini").bind_tools([get_weather]).invoke("What is the weather in Oslo?").tool_calls)
