"""Functions that the library runs between responses: one call, two at once, streamed, one that fails, a coroutine."""

import asyncio

from openai import AsyncOpenAI, OpenAI
from openai.lib.responses_tool_runner import (
    AsyncRegisteredFunction,
    AsyncResponsesToolRunner,
    RegisteredFunction,
    ResponsesToolRunner,
    ToolRunnerError,
)

TREE = """
responses gpt-4o [completed]
execute_tool get_weather
responses gpt-4o [completed]
responses gpt-4o-parallel [completed]
execute_tool get_weather
execute_tool get_weather
responses gpt-4o-parallel [completed]
responses streamed ~ [completed]
execute_tool get_weather
responses streamed ~ [completed]
responses failing [completed]
execute_tool get_weather !LookupError
responses async [completed]
execute_tool get_weather
responses async [completed]
"""

TOOL = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}
QUESTION = "How is the weather in Paris?"


def get_weather(arguments: dict[str, object]) -> str:
    return f"Rain in {arguments['city']}"


def fail(arguments: dict[str, object]) -> str:
    raise LookupError(f"nobody knows {arguments['city']}")


async def get_weather_later(arguments: dict[str, object]) -> str:
    await asyncio.sleep(0)
    return f"Snow in {arguments['city']}"


client = OpenAI()
runner = ResponsesToolRunner(functions=[RegisteredFunction(TOOL, get_weather, independent=True)])
response = runner.run(client, {"model": "gpt-4o", "input": QUESTION})
print(type(response).__name__, response.output_text)
print(runner.run(client, {"model": "gpt-4o-parallel", "input": QUESTION}).output_text)
print(runner.run(client, {"model": "streamed", "input": QUESTION}, stream=True, eager=True).output_text)
try:
    ResponsesToolRunner(functions=[RegisteredFunction(TOOL, fail)]).run(client, {"model": "failing", "input": QUESTION})
except ToolRunnerError as error:
    print(error)


async def main() -> None:
    async with AsyncOpenAI() as client:
        runner = AsyncResponsesToolRunner(functions=[AsyncRegisteredFunction(TOOL, get_weather_later)])
        print((await runner.run(client, {"model": "async", "input": QUESTION})).output_text)


asyncio.run(main())
