"""The program's own callbacks, which see what they would have seen."""

import json

from langchain_core.callbacks import BaseCallbackHandler, UsageMetadataCallbackHandler, get_usage_metadata_callback
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

TREE = """
chat gpt-4o-mini [stop]
chat gpt-4o-mini ~ [stop]
chat gpt-4o [stop]
"""


class Own(BaseCallbackHandler):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def on_chain_start(self, serialized, inputs, **more) -> None:
        self.told.append(("chain", more["name"], inputs, more["tags"], sorted(more["metadata"])))

    def on_chat_model_start(self, serialized, messages, **more) -> None:
        self.told.append(("model", messages[0][-1].content, sorted(more["metadata"]), sorted(more)))

    def on_llm_new_token(self, token, **more) -> None:
        self.told.append(token)

    def on_llm_end(self, response, **more) -> None:
        self.told.append(response.generations[0][0].text)


own, usage = Own(), UsageMetadataCallbackHandler()
chain = ChatPromptTemplate.from_template("Tell a joke about {topic}") | ChatOpenAI(model="gpt-4o-mini", stream_usage=True)
config = {"callbacks": [own, usage], "tags": ["mine"], "metadata": {"mine": 1}}
print(chain.invoke({"topic": "bees"}, config).content)
print(len(list(chain.stream({"topic": "wasps"}, config))))
print(own.told, json.dumps(usage.usage_metadata, sort_keys=True), config["callbacks"] == [own, usage], sorted(config))
with get_usage_metadata_callback() as counted:
    ChatOpenAI(model="gpt-4o").invoke("Tell me a joke about ants")
print(json.dumps(counted.usage_metadata, sort_keys=True))
