"""An agent inside a tool of another one, and a direct call of a client inside a tool."""

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openai import OpenAI

TREE = """
invoke_agent outer
  chat outer-model [tool_calls]
  execute_tool ask_expert
    invoke_agent expert
      chat expert-model [tool_calls]
      execute_tool look_up
        chat direct [stop]
      chat expert-model [stop]
  chat outer-model [stop]
"""


@tool
def look_up(word: str) -> str:
    """Looks a word up."""
    messages = [{"role": "user", "content": f"What does it mean: {word}?"}]
    return OpenAI().chat.completions.create(model="direct", messages=messages).choices[0].message.content


expert = create_agent(ChatOpenAI(model="expert-model"), tools=[look_up], name="expert")


@tool
def ask_expert(question: str) -> str:
    """Asks somebody who knows."""
    return expert.invoke({"messages": [("user", "Use look_up for this.")]})["messages"][-1].content


outer = create_agent(ChatOpenAI(model="outer-model"), tools=[ask_expert], name="outer")
answer = outer.invoke({"messages": [("user", "Please use ask_expert now.")]})
print([type(message).__name__ for message in answer["messages"]])
