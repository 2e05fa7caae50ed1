"""A vendor that answers nonsense, nothing, half of it, or cuts off."""

import warnings

from langchain_anthropic import ChatAnthropic
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

TREE = """
chat fault-nonsense ~ !ValueError
chat fault-nonsense ~ !AttributeError
chat claude-fault-nonsense !AttributeError
chat claude-fault-nonsense !AttributeError
chat fault-null-choices !TypeError
chat fault-null-choices ~
chat claude-fault-null-choices !TypeError
chat claude-fault-null-choices !AttributeError
chat fault-missing-fields !ValidationError
chat fault-missing-fields ~
chat claude-fault-missing-fields
chat claude-fault-missing-fields ~
chat fault-html !ValueError
chat fault-html !ValueError
chat claude-fault-html !AttributeError
chat claude-fault-html !ValueError
chat fault-empty !JSONDecodeError
chat fault-empty !ValueError
chat claude-fault-empty !JSONDecodeError
chat claude-fault-empty !ValueError
chat fault-cut !OpenAIConnectionError
chat fault-cut ~ !OpenAIConnectionError
chat claude-fault-cut !AnthropicConnectionError
chat claude-fault-cut ~ !RemoteProtocolError
chat fault-stream-error !ValueError
chat fault-stream-error ~ !APIError
chat claude-fault-stream-error !TypeError
chat claude-fault-stream-error ~ !APIStatusError 200
"""

warnings.simplefilter("ignore")
PROMPT = ChatPromptTemplate.from_messages([("system", "You are brief, always."), ("user", "Tell of {topic}")])
for fault in ("nonsense", "null-choices", "missing-fields", "html", "empty", "cut", "stream-error"):
    for model in (ChatOpenAI(model=f"fault-{fault}", max_retries=0), ChatAnthropic(model=f"claude-fault-{fault}", max_retries=0)):
        chain = PROMPT | model
        for run in (chain.invoke, lambda topic: "".join(str(chunk.content) for chunk in chain.stream(topic))):
            try:
                print(fault, repr(run({"topic": "bees"}))[:40])
            except Exception as error:
                print(fault, type(error).__name__)
