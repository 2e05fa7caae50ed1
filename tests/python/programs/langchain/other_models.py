"""Models that no client which is known is behind: what LangChain says of them is told."""

from collections.abc import Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, FakeListLLM
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

TREE = """
chat homemade [done]
chat homemade ~ [done]
chat homemade !LookupError
text_completion fake-list
"""

USAGE = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}


class Homemade(BaseChatModel):
    """A model of our own."""

    @property
    def _llm_type(self) -> str:
        return "homemade"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": "homemade", "temperature": 0.5}

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: CallbackManagerForLLMRun | None = None, **_: Any
    ) -> ChatResult:
        if "fail" in str(messages[-1].content):
            raise LookupError("as you wish")
        calls = [{"name": "look", "args": {"where": "there"}, "id": "call_1"}]
        told = {"finish_reason": "done", "model_name": "homemade-1", "id": "answer-1"}
        message = AIMessage("I made this myself.", tool_calls=calls, usage_metadata=USAGE, response_metadata=told)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: CallbackManagerForLLMRun | None = None, **_: Any
    ) -> Iterator[ChatGenerationChunk]:
        for word in ("", "I ", "made ", "this."):
            yield ChatGenerationChunk(message=AIMessageChunk(word))
        told = {"finish_reason": "done", "model_name": "homemade-1"}
        yield ChatGenerationChunk(message=AIMessageChunk("", usage_metadata=USAGE, response_metadata=told))


model = Homemade()
print(model.invoke("What have you made here?").content)
print([chunk.content for chunk in model.stream("What do you make of it?")])
try:
    model.invoke("Please fail now, will you?")
except LookupError as error:
    print(error)
print(FakeListLLM(responses=["This is it."]).invoke("Finish this sentence"))
