"""A program that wants nobody to trace what is said, for one run; and one with a model of its own."""

import asyncio

from agents import Agent, Model, ModelResponse, RunConfig, Runner, Usage, generation_span, set_trace_processors
from openai.types.responses import ResponseOutputMessage, ResponseOutputText

TREE = """
Agent workflow
  invoke_agent Secret
    responses gpt-secret [completed]
Agent workflow
  invoke_agent Own
    chat homemade
"""

set_trace_processors([])


class Homemade(Model):
    async def get_response(self, system_instructions, input, model_settings, tools, output_schema, handoffs, tracing, **_):
        with generation_span(model="homemade", input=[{"role": "user", "content": input}]) as span:
            text = ResponseOutputText(annotations=[], text="I made this myself.", type="output_text")
            said = ResponseOutputMessage(id="1", content=[text], role="assistant", status="completed", type="message")
            span.span_data.output = [{"role": "assistant", "content": text.text}]
            span.span_data.usage = {"input_tokens": 10, "output_tokens": 5}
            return ModelResponse(output=[said], usage=Usage(requests=1, input_tokens=10, output_tokens=5), response_id=None)

    def stream_response(self, *args, **kwargs):
        raise NotImplementedError


async def main() -> None:
    config = RunConfig(trace_include_sensitive_data=False)
    print((await Runner.run(Agent(name="Secret", instructions="This is a secret.", model="gpt-secret"), "", run_config=config)).final_output)
    print((await Runner.run(Agent(name="Own", model=Homemade()), "What is this?")).final_output)


asyncio.run(main())
