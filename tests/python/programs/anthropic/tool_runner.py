"""Tools that the library runs: functions, one that fails, and one that says no; streamed, and without waiting."""

import asyncio

from anthropic import Anthropic, AsyncAnthropic, beta_async_tool, beta_tool

TREE = """
chat claude-x-parallel [tool_use]
execute_tool get_weather
execute_tool get_weather !LookupError
chat claude-x-parallel [end_turn]
chat streamed ~ [tool_use]
execute_tool get_weather
chat streamed ~ [end_turn]
chat async [tool_use]
execute_tool get_weather
chat async [end_turn]
"""

calls = []


@beta_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    calls.append(city)
    if len(calls) == 2:
        raise LookupError(f"nobody knows {city}")
    return f"Rain in {city}"


@beta_async_tool(name="get_weather")
async def get_weather_async(city: str) -> str:
    """The weather of a city, later."""
    await asyncio.sleep(0)
    return f"Snow in {city}"


def ask(model: str, tool: object) -> dict[str, object]:
    messages = [{"role": "user", "content": "How is the weather in Paris?"}]
    return {"model": model, "max_tokens": 100, "messages": messages, "tools": [tool]}


client = Anthropic()
runner = client.beta.messages.tool_runner(**ask("claude-x-parallel", get_weather))
print(type(runner).__name__, [[block.type for block in message.content] for message in runner])
for stream in client.beta.messages.tool_runner(**ask("streamed", get_weather), stream=True):
    print(type(stream).__name__, stream.get_final_message().stop_reason)


async def main() -> None:
    async with AsyncAnthropic() as client:
        runner = client.beta.messages.tool_runner(**ask("async", get_weather_async))
        print((await runner.until_done()).content[0].text)


asyncio.run(main())
