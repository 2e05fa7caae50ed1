"""What validates and makes the output: it asks for another try, in tools and in text, until there are no more."""

import asyncio

from pydantic import BaseModel, Field
from pydantic_ai import Agent, ModelRetry, RunContext, UnexpectedModelBehavior

TREE = """
invoke_agent validator
  chat gpt-4o [stop]
  chat gpt-4o [stop]
invoke_agent maker
  chat gpt-4o [tool_calls]
  execute_tool final_result
  chat gpt-4o [tool_calls]
  execute_tool final_result
invoke_agent checker !UnexpectedModelBehavior
  chat gpt-4o [tool_calls]
  chat gpt-4o [stop]
"""


class Impossible(BaseModel):
    points: int = Field(gt=1000)


validator = Agent("openai-chat:gpt-4o", name="validator")


@validator.output_validator
def validate(context: RunContext[None], output: str) -> str:
    if context.retry == 0:
        raise ModelRetry("Say it in other words.")
    return output


def make(context: RunContext[None], points: int) -> str:
    """Makes the answer."""
    if context.retry == 0:
        raise ModelRetry("More points, try again.")
    return f"{points} points"


async def main() -> None:
    print((await validator.run("Tell me a joke")).output)
    print((await Agent("openai-chat:gpt-4o", name="maker", output_type=make).run("How many?")).output)
    try:
        await Agent("openai-chat:gpt-4o", name="checker", output_type=Impossible).run("How many?")
    except UnexpectedModelBehavior as error:
        print(type(error).__name__)


asyncio.run(main())
