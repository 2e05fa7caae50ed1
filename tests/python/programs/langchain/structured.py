"""Structured output by a schema and by a tool, and tools that are bound and not called."""

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

TREE = """
chat schema [stop]
chat function [tool_calls]
chat raw [stop]
chat bound [tool_calls]
chat claude-free [end_turn]
"""


class Trip(BaseModel):
    """A trip to a city."""

    city: str
    days: list[int]


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


question = "Plan a trip to Paris for me."
print(ChatOpenAI(model="schema").with_structured_output(Trip).invoke(question))
print(ChatOpenAI(model="function").with_structured_output(Trip, method="function_calling").invoke(question))
raw = ChatOpenAI(model="raw").with_structured_output(Trip, include_raw=True).invoke(question)
print(sorted(raw), raw["parsed"])
print(ChatOpenAI(model="bound").bind_tools([get_weather]).invoke("How is the weather in Paris?").tool_calls)
from langchain_anthropic import ChatAnthropic  # noqa: E402  Imported when it is used.

model = ChatAnthropic(model="claude-free", max_tokens=100).bind_tools([get_weather])
print(model.invoke("How are you today?").content)
