"""Chat models by themselves: called, in turns, with settings, of two vendors; direct calls beside them."""

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from openai import OpenAI

TREE = """
chat gpt-4o [stop]
chat gpt-settings [stop]
chat gpt-turns [stop]
chat claude-x [end_turn]
chat gpt-responses [completed]
chat beside [stop]
"""

print(ChatOpenAI(model="gpt-4o").invoke("How is the sea?").content)
model = ChatOpenAI(model="gpt-settings", temperature=0.3, max_tokens=50, top_p=0.9, seed=7)
print(type(model.invoke("How are the mountains?")).__name__)
turns = [SystemMessage("You know names."), HumanMessage("What is it called?"), AIMessage("It has none."), HumanMessage("Name it then.")]
print(ChatOpenAI(model="gpt-turns").invoke(turns).usage_metadata)
print(ChatAnthropic(model="claude-x", max_tokens=100).invoke("How is the weather up there?").content)
print(ChatOpenAI(model="gpt-responses", use_responses_api=True).invoke("Is anybody there?").content)
beside = OpenAI().chat.completions.create(model="beside", messages=[{"role": "user", "content": "And who are you?"}])
print(beside.choices[0].message.content)
