"""Streams where the integrations of the clients are off, read and left."""

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI

TREE = """
chat claude-x ~ [end_turn]
chat left ~
chat fault-500 !OpenAIAPIError 500
chat fault-cut ~ !OpenAIConnectionError
"""

print([chunk.content for chunk in ChatAnthropic(model="claude-x", max_tokens=100).stream("Tell the story of the sea.")])
for chunk in ChatOpenAI(model="left").stream("Tell the story of the river."):
    if chunk.content:
        break
for model in ("fault-500", "fault-cut"):
    try:
        print(len(list(ChatOpenAI(model=model, max_retries=0).stream("Tell the story of an error."))))
    except Exception as error:
        print(type(error).__name__)
