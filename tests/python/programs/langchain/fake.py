"""Models that no client is known of: what LangChain says of them is all there is."""

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, FakeListChatModel, FakeListLLM, GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

TREE = """
chat fake-list-chat-model
chat generic-fake-chat-model
chat generic-fake-chat-model ~
chat own-1 [tool_calls]
chat own-1 ~ [length]
chat own-1 ~
chat own-broken !RuntimeError
chat own-broken ~ !RuntimeError
text_completion fake-list
"""


class Own(BaseChatModel):
    """A model of the program's own."""

    model: str = "own-1"

    @property
    def _llm_type(self) -> str:
        return "own"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        if self.model == "own-broken":
            raise RuntimeError("no")
        call = {"name": "get_weather", "args": {"city": "Paris"}, "id": "call_1"}
        usage = {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18, "input_token_details": {"cache_read": 5}}
        described = {"model_name": "own-1-2026", "finish_reason": "tool_calls", "id": "own-answer-1"}
        message = AIMessage("", tool_calls=[call], usage_metadata=usage, response_metadata=described)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(self, messages: list[BaseMessage], stop: object = None, run_manager: object = None, **kwargs: object):
        for word in ("", "It ", "rains"):
            yield ChatGenerationChunk(message=AIMessageChunk(word))
        if self.model == "own-broken":
            raise RuntimeError("no")
        usage = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12}
        described = {"finish_reason": "length", "model_name": "own-1-2026"}
        yield ChatGenerationChunk(message=AIMessageChunk("", usage_metadata=usage, response_metadata=described))


conversation = [
    SystemMessage("Answer like a pirate would."),
    HumanMessage([{"type": "text", "text": "What is the weather?"}, {"type": "image_url", "image_url": {"url": "https://a.b/c"}}]),
    AIMessage("", tool_calls=[{"name": "get_weather", "args": {"city": "Rome"}, "id": "call_0"}]),
    ToolMessage("Sun", tool_call_id="call_0"),
]
print(FakeListChatModel(responses=["One"]).invoke("Say something, please").content)
print(GenericFakeChatModel(messages=iter(["Two words"])).invoke("Say something, please").content)
print([chunk.content for chunk in GenericFakeChatModel(messages=iter(["Three words more"])).stream(conversation)])
print(Own().invoke(conversation).tool_calls)
print([chunk.content for chunk in Own().stream(conversation)])
stream = Own().stream(conversation)
print(next(stream).content, next(stream).content)
stream.close()
for run in (Own(model="own-broken").invoke, lambda said: list(Own(model="own-broken").stream(said))):
    try:
        run(conversation)
    except RuntimeError as error:
        print(error)
print(FakeListLLM(responses=["Four"]).invoke("Go on with this text"))
