"""Answers that make no sense, whole and streamed: what the program sees is what it would have seen."""

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI

TREE = """
chat fault-nonsense ~ !ValueError
chat fault-nonsense ~ !AttributeError
chat fault-nonsense-a ~ !AttributeError
chat fault-nonsense-a ~ !AttributeError
chat fault-null-choices !TypeError
chat fault-null-choices ~
chat fault-null-choices-a [max_tokens] !TypeError
chat fault-null-choices-a ~ !AttributeError
chat fault-missing-fields !ValidationError
chat fault-missing-fields ~
chat fault-missing-fields-a
chat fault-missing-fields-a ~
chat fault-html !ValueError
chat fault-html !ValueError
chat fault-html-a !AttributeError
chat fault-html-a !ValueError
chat fault-empty !JSONDecodeError
chat fault-empty !ValueError
chat fault-empty-a !JSONDecodeError
chat fault-empty-a !ValueError
chat fault-cut !OpenAIConnectionError
chat fault-cut ~ !OpenAIConnectionError
chat fault-cut-a !AnthropicConnectionError
chat fault-cut-a ~ !RemoteProtocolError
"""

for fault in ("nonsense", "null-choices", "missing-fields", "html", "empty", "cut"):
    models = ChatOpenAI(model=f"fault-{fault}", max_retries=0), ChatAnthropic(model=f"fault-{fault}-a", max_retries=0, max_tokens=9)
    for model in models:
        for stream in (False, True):
            try:
                question = "Does this make sense?"
                print(fault, [chunk.content for chunk in model.stream(question)] if stream else model.invoke(question).content)
            except Exception as error:
                print(fault, type(error).__name__, error)
