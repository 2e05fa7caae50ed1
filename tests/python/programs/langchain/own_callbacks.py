"""A program that has callbacks, tags and metadata of its own: they see what they would have seen."""

from typing import Any

from langchain_core.callbacks import BaseCallbackHandler, get_usage_metadata_callback
from langchain_core.runnables import RunnableLambda
from langchain_openai import ChatOpenAI

TREE = """
chat gpt-4o [stop]
chat gpt-4o [stop]
"""


class Mine(BaseCallbackHandler):
    def on_chat_model_start(self, serialized: Any, messages: Any, **told: Any) -> None:
        print("start", len(messages), told["tags"], told["metadata"].get("mine"))

    def on_llm_end(self, response: Any, **told: Any) -> None:
        print("end", len(response.generations))

    def on_chain_end(self, outputs: Any, **told: Any) -> None:
        print("chain", type(outputs).__name__)


config = {"callbacks": [Mine()], "tags": ["mine"], "metadata": {"mine": True}}
chain = RunnableLambda(str.upper) | ChatOpenAI(model="gpt-4o")
print(chain.invoke("how is it going today?", config).content)
with get_usage_metadata_callback() as usage:
    ChatOpenAI(model="gpt-4o").invoke("How many tokens is this?")
    print(usage.usage_metadata)
