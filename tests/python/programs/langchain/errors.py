"""What goes wrong: statuses, nobody there, tries, a fallback, and a tool that fails for good."""

from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
chat fault-400 !OpenAIInvalidRequestError 400
chat fault-429 !OpenAIRateLimitError 429
chat fault-500 !OpenAIAPIError 500
chat fault-529 !AnthropicOverloadedError 529
chat nobody !OpenAIConnectionError
chat fault-500-once [stop]
chat fault-500-first !OpenAIAPIError 500
chat second [stop]
chat fault-cut ~ !OpenAIConnectionError
invoke_agent Weather Agent !LookupError
  chat agent [tool_calls]
  execute_tool get_weather !LookupError
"""

for model in ("fault-400", "fault-429", "fault-500"):
    try:
        ChatOpenAI(model=model, max_retries=0).invoke("Is anybody there?")
    except Exception as error:
        print(type(error).__name__, error)
try:
    ChatAnthropic(model="fault-529", max_retries=0, max_tokens=100).invoke("Is anybody there?")
except Exception as error:
    print(type(error).__name__, error)
try:
    ChatOpenAI(model="nobody", base_url="http://127.0.0.1:9/v1", max_retries=0).invoke("Is anybody there?")
except Exception as error:
    print(type(error).__name__, error)
print(ChatOpenAI(model="fault-500-once", max_retries=2).invoke("Is anybody there now?").content)
first = ChatOpenAI(model="fault-500-first", max_retries=0)
print(first.with_fallbacks([ChatOpenAI(model="second")]).invoke("Who is there?").content)
try:
    print([chunk.content for chunk in ChatOpenAI(model="fault-cut").stream("Is the stream whole?")])
except Exception as error:
    print(type(error).__name__, error)


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    raise LookupError(f"nobody knows {city}")


try:
    agent = create_agent(ChatOpenAI(model="agent"), tools=[get_weather], name="Weather Agent")
    agent.invoke({"messages": [("user", "How is the weather in Paris?")]})
except LookupError as error:
    print(error)
