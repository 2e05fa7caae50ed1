"""The demo agent: a weather agent calls a tool and hands off to a travel agent; both ask the real `openai`.

Environment: `SENTRY_DSN` (or `SPANWIRE_FILE`), `OPENAI_BASE_URL`, `OPENAI_API_KEY`.
"""

import json

import spanwire
from openai import OpenAI

MODEL = "gpt-4o-mini"
WEATHER_TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather in a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    },
    {
        "type": "function",
        "function": {
            "name": "transfer_to_travel_agent",
            "description": "Hand the conversation to the travel agent",
            "parameters": {"type": "object", "properties": {}},
        },
    },
]


@spanwire.tool
def get_weather(city: str) -> dict[str, object]:
    return {"city": city, "sky": "rain", "celsius": 14}


@spanwire.tool
def find_hotel(city: str) -> str:
    raise LookupError(f"no free hotel in {city}")


def weather_agent(client: OpenAI, question: str) -> bool:
    """Answers about the weather; true when the travel agent should go on."""
    with spanwire.invoke_agent("Weather Agent", model=MODEL, provider="openai", messages=question) as agent:
        messages: list = [{"role": "system", "content": "You know the weather."}, {"role": "user", "content": question}]
        for _ in range(3):
            answer = client.chat.completions.create(model=MODEL, messages=messages, tools=WEATHER_TOOLS).choices[0].message
            if not answer.tool_calls:
                agent.set_output(answer.content)
                return False
            call = answer.tool_calls[0]
            if call.function.name == "transfer_to_travel_agent":
                spanwire.handoff("Weather Agent", "Travel Agent")
                return True
            result = get_weather(**json.loads(call.function.arguments))
            messages += [answer, {"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)}]
        return False


def travel_agent(client: OpenAI, question: str) -> str:
    """Suggests a trip, streamed."""
    with spanwire.invoke_agent("Travel Agent", model=MODEL, provider="openai", messages=question) as agent:
        try:
            find_hotel("Paris")
        except LookupError:
            pass
        stream = client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "system", "content": "You plan travel."}, {"role": "user", "content": question}],
            stream=True,
            stream_options={"include_usage": True},
        )
        text = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
        agent.set_output(text)
        return text


def main() -> None:
    spanwire.init(send_default_pii=True, release="demo@1.0.0", environment="demo")
    client = spanwire.instrument(OpenAI())
    question = "What is the weather in Paris, and should I go?"
    with spanwire.scope(conversation_id="demo-conversation", user={"id": "demo"}, pipeline="demo"):
        with spanwire.start_span(name="answer a question", op="function"):
            if weather_agent(client, question):
                print(travel_agent(client, question))
    if not spanwire.flush(10):
        raise SystemExit(f"not everything was sent: {spanwire.stats()}")


if __name__ == "__main__":
    main()
