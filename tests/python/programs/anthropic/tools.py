"""A loop of tool calls by hand: whole, streamed with several at once, and one that failed."""

from anthropic import Anthropic

TREE = """
chat claude-x [tool_use]
chat claude-x [end_turn]
chat claude-x-parallel ~ [tool_use]
chat claude-x-parallel ~ [end_turn]
"""

client = Anthropic()
TOOLS = [
    {
        "name": "get_weather",
        "description": "The weather of a city",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }
]


def results_of(content: list) -> list[dict[str, object]]:
    uses = [block for block in content if block.type == "tool_use"]
    return [
        {"type": "tool_result", "tool_use_id": use.id, "content": f"Rain in {use.input['city']}", "is_error": number > 0}
        for number, use in enumerate(uses)
    ]


def ask(model: str, question: str, *, stream: bool) -> None:
    messages: list = [{"role": "user", "content": question}]
    while True:
        options = {"model": model, "max_tokens": 100, "messages": messages, "tools": TOOLS}
        if stream:
            with client.messages.stream(**options) as events:
                answer = events.get_final_message()
        else:
            answer = client.messages.create(**options)
        messages.append({"role": "assistant", "content": answer.content})
        results = results_of(answer.content)
        if not results:
            break
        messages.append({"role": "user", "content": results})
    print(len(messages), type(answer).__name__, answer.content[0].text)


ask("claude-x", "How is the weather in Paris?", stream=False)
ask("claude-x-parallel", "How is the weather, in parallel?", stream=True)
