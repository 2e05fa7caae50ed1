"""Sentry gen_ai spans for AI agents, from one Rust core."""

from . import ai, consts, testing
from ._calls import current_span, handoff, start_span, use_span
from ._decorators import agent, tool, trace
from ._instrument import instrument, instrument_httpx, uninstrument
from ._propagation import continue_trace, trace_headers
from ._scope import scope, set_conversation_id, set_pipeline, set_user, wrap
from ._setup import close, flush, init, inspect, stats
from ._spanwire import (
    ConfigError,
    Span,
    __version__,
    ai_request,
    chat,
    create_agent,
    embeddings,
    execute_tool,
    generate_content,
    invoke_agent,
    rerank,
    responses,
    text_completion,
)
from ._trace_context import TraceContext
from .consts import SPANTEMPLATE

__all__ = [
    "SPANTEMPLATE",
    "ConfigError",
    "Span",
    "TraceContext",
    "__version__",
    "agent",
    "ai",
    "ai_request",
    "chat",
    "close",
    "consts",
    "continue_trace",
    "create_agent",
    "current_span",
    "embeddings",
    "execute_tool",
    "flush",
    "generate_content",
    "handoff",
    "init",
    "inspect",
    "instrument",
    "instrument_httpx",
    "invoke_agent",
    "rerank",
    "responses",
    "scope",
    "set_conversation_id",
    "set_pipeline",
    "set_user",
    "start_span",
    "stats",
    "testing",
    "text_completion",
    "tool",
    "trace",
    "trace_headers",
    "uninstrument",
    "use_span",
    "wrap",
]
