"""Streams that are read to the end; what is asked beside one has nothing to do with it."""

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI

TREE = """
chat gpt-4o-mini ~ [stop]
chat beside [stop]
chat claude-sonnet-4-5 ~ [end_turn]
chat claude-thinking-sonnet ~ [end_turn]
"""

beside = ChatOpenAI(model="beside")
for number, chunk in enumerate(ChatOpenAI(model="gpt-4o-mini", stream_usage=True).stream("Tell me a story of bees")):
    print(type(chunk).__name__, chunk.content)
    if number == 2:
        print(beside.invoke("What was that all about?").content)
for chunk in ChatAnthropic(model="claude-sonnet-4-5").stream("Tell me a story of wasps"):
    print(chunk.content)
for chunk in ChatAnthropic(model="claude-thinking-sonnet").stream("Tell me a story of ants"):
    print(chunk.content)
