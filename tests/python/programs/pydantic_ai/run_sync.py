"""Without asyncio, and an answer that has a structure; an agent that has no name of its own."""

from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput

TREE = """
invoke_agent planner
  chat gpt-4o [stop]
invoke_agent planner
  chat gpt-4o [tool_calls]
"""


class City(BaseModel):
    name: str
    inhabitants: int


planner = Agent("openai-chat:gpt-4o", model_settings={"temperature": 0.5, "max_tokens": 200, "seed": 7})

for output_type in (NativeOutput(City), City):
    result = planner.run_sync("Which city is the largest one?", output_type=output_type)
    print(type(result.output).__name__, result.output)
