"""A program with OpenTelemetry of its own, which goes on as it was."""

import asyncio

from opentelemetry import trace
from pydantic_ai import Agent, InstrumentationSettings

TREE = """
invoke_agent forecaster
  chat gpt-4o-mini [tool_calls]
  execute_tool get_weather
  chat gpt-4o-mini [stop]
invoke_agent forecaster
  chat gpt-4o-mini ~ [stop]
"""

begun: list[str] = []


class Tracer(trace.NoOpTracer):
    """Writes down the names of spans."""

    def start_span(self, name: str, *args, **kwargs) -> trace.Span:
        begun.append(name)
        return super().start_span(name, *args, **kwargs)


class Provider(trace.NoOpTracerProvider):
    def get_tracer(self, *args, **kwargs) -> trace.Tracer:
        return Tracer()


agent = Agent("openai-chat:gpt-4o-mini", name="forecaster")


@agent.tool_plain
async def get_weather(city: str) -> str:
    """What the weather is like."""
    return f"Sunny in {city}."


async def main() -> None:
    print((await agent.run("What is the weather in Paris?")).output)
    async with agent.run_stream("Tell me a joke") as result:
        print(await result.get_output())


Agent.instrument_all(InstrumentationSettings(tracer_provider=Provider()))
try:
    asyncio.run(main())
finally:
    Agent.instrument_all(False)
print(begun)
