"""Models without a client below: what they say is all that there is to know."""

import asyncio

from pydantic_ai import Agent, BinaryContent, ImageUrl, ModelResponse, TextPart, ThinkingPart, ToolCallPart
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel
from pydantic_ai.models.test import TestModel
from pydantic_ai.usage import RequestUsage

TREE = """
invoke_agent oracle
  chat oracle-1 [tool_call]
  execute_tool look
  chat oracle-1 [stop]
invoke_agent oracle
  chat oracle-2 ~
  execute_tool look
  chat oracle-2 ~
invoke_agent tester
  chat test
  execute_tool look
  chat test
invoke_agent silent !RuntimeError
  chat broken !RuntimeError
"""


def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    usage = RequestUsage(input_tokens=12, output_tokens=3, cache_read_tokens=4, output_reasoning_tokens=2)
    if len(messages) == 1:
        parts = [ThinkingPart("I have to look."), ToolCallPart("look", {"where": "up"}, tool_call_id="call-1")]
        return ModelResponse(parts, usage=usage, finish_reason="tool_call", provider_response_id="oracle-answer-1")
    return ModelResponse([TextPart("It will be fine.")], usage=usage, finish_reason="stop")


async def stream(messages: list[ModelMessage], info: AgentInfo):
    if len(messages) == 1:
        yield {0: DeltaToolCall("look", '{"where": "down"}', tool_call_id="call-2")}
    else:
        yield "It will "
        yield "be grey."


def fail(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    raise RuntimeError("no voice")


async def main() -> None:
    model = FunctionModel(answer, stream_function=stream, model_name="oracle-1")
    agent = Agent(model, name="oracle", system_prompt="You know the future.", instructions="Be kind.")
    tester = Agent(TestModel(), name="tester")

    @agent.tool_plain
    @tester.tool_plain
    def look(where: str) -> dict[str, str]:
        """Looks at the sky."""
        return {"seen": where}

    picture = [ImageUrl("https://example.com/sky.png"), BinaryContent(b"123", media_type="image/png")]
    print((await agent.run(["What will the weather be?", *picture], model_settings={"temperature": 0.2})).output)
    model = FunctionModel(answer, stream_function=stream, model_name="oracle-2")
    async with agent.run_stream("What will the weather be?", model=model) as result:
        print(await result.get_output())
    print((await tester.run("Look!")).output)
    try:
        await Agent(FunctionModel(fail, model_name="broken"), name="silent").run("Speak!")
    except RuntimeError as error:
        print(repr(error))


asyncio.run(main())
