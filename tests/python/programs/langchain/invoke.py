"""Chat models of two vendors, alone, with messages and settings."""

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

TREE = """
chat gpt-4o-mini [stop]
chat gpt-4o-mini [stop]
chat claude-sonnet-4-5 [end_turn]
chat claude-thinking-sonnet [end_turn]
"""

conversation = [
    SystemMessage("Answer like a pirate would."),
    HumanMessage("What is the capital of France?"),
    AIMessage("Paris, of course."),
    HumanMessage("And what is the one of Italy?"),
]
answer = ChatOpenAI(model="gpt-4o-mini").invoke("Tell me a joke about bees")
print(type(answer).__name__, answer.content)
print(ChatOpenAI(model="gpt-4o-mini", temperature=0.5, max_tokens=300, seed=7).invoke(conversation).content)
print(ChatAnthropic(model="claude-sonnet-4-5", temperature=0.5, max_tokens=300).invoke(conversation).content)
thinking = {"type": "enabled", "budget_tokens": 1024}
answer = ChatAnthropic(model="claude-thinking-sonnet", max_tokens=3000, thinking=thinking).invoke(conversation)
print(len(answer.content), answer.usage_metadata)
