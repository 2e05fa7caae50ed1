"""Trees of spans as text: what a program states in `TREE`, and what its spans make.

A span is a line, its children stand below it, two spaces further in:

    invoke_agent Weather Agent
      chat gpt-4o-mini ~ [tool_calls]
      execute_tool get_weather
      chat gpt-4o-mini !RateLimitError 429
      chat gpt-4o-mini @conversation

`@` is the conversation that the program names, `~` is a streamed answer, `[...]` says why the model stopped, `!`
names the error and the HTTP status. In which order siblings stand means nothing, because requests that are made at
once begin in any order.
"""

from __future__ import annotations

import re
import textwrap
from typing import Any

#: Ids of conversations that a library or a vendor makes up: other ones each time, so no tree states them.
_MADE_UP = re.compile(r"resp_.*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Node:
    """A line, and the lines below it."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.children: list[Node] = []

    def text(self, depth: int = 0) -> str:
        children = sorted(child.text(depth + 1) for child in self.children)
        return "\n".join(["  " * depth + self.line, *children])


def text_of(roots: list[Node]) -> str:
    return "\n".join(sorted(root.text() for root in roots))


def stated(tree: str) -> str:
    """A tree as a program states it, with its siblings in order."""
    roots: list[Node] = []
    path: list[tuple[int, list[Node]]] = [(-1, roots)]
    for line in textwrap.dedent(tree).strip("\n").split("\n") if tree.strip() else []:
        indent = len(line) - len(line.lstrip())
        while path[-1][0] >= indent:
            path.pop()
        node = Node(line.strip())
        path[-1][1].append(node)
        path.append((indent, node.children))
    return text_of(roots)


def made(spans: list[dict[str, Any]]) -> str:
    """The tree that spans make; a span whose parent is missing says so."""
    nodes = {span["span_id"]: Node(line_of(span)) for span in spans}
    roots: list[Node] = []
    for span in spans:
        parent = span.get("parent_span_id")
        node = nodes[span["span_id"]]
        if parent is not None and parent not in nodes:
            node.line += " (its parent is missing)"
        (nodes[parent].children if parent in nodes else roots).append(node)
    return text_of(roots)


def line_of(span: dict[str, Any]) -> str:
    attributes = span["attributes"]
    parts = [span["name"]]
    conversation = str(attributes.get("gen_ai.conversation.id", ""))
    if conversation and not _MADE_UP.fullmatch(conversation):
        parts.append(f"@{conversation}")
    if attributes.get("gen_ai.response.streaming"):
        parts.append("~")
    if "gen_ai.response.finish_reasons" in attributes:
        parts.append(f"[{attributes['gen_ai.response.finish_reasons']}]")
    if span["status"] != "ok":
        parts.append(f"!{attributes.get('error.type')}")
        parts += [str(status) for status in [attributes.get("http.response.status_code")] if status]
    return " ".join(parts)
