"""What vendors refuse, for good and for once; what cannot be read; and arguments that are wrong."""

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI

TREE = """
chat fault-400 !OpenAIInvalidRequestError 400
chat fault-401 !OpenAIAuthenticationError 401
chat fault-429 !OpenAIRateLimitError 429
chat fault-429-once [stop]
chat claude-fault-500 !AnthropicAPIError 500
chat claude-fault-429-once [end_turn]
"""

for model in ("fault-400", "fault-401", "fault-429", "fault-429-once"):
    try:
        print(ChatOpenAI(model=model, max_retries=1 if "once" in model else 0).invoke("Is anybody there?").content)
    except Exception as error:
        print(type(error).__name__)
for model in ("claude-fault-500", "claude-fault-429-once"):
    try:
        print(ChatAnthropic(model=model, max_retries=1 if "once" in model else 0).invoke("Is anybody there?").content)
    except Exception as error:
        print(type(error).__name__)
try:
    ChatOpenAI(model="gpt-4o").invoke(5)
except ValueError as error:
    print(type(error).__name__)
