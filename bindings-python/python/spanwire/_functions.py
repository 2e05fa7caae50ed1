"""What a decorated function's arguments and result say, as the Sentry SDK's templates read them."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._spanwire import Span

#: Parameters that are settings, with the argument of the API that they are and their type.
_SETTINGS: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "model": ("model", str),
    "model_name": ("model", str),
    "agent": ("agent_name", str),
    "agent_name": ("agent_name", str),
    "max_tokens": ("max_tokens", int),
    "frequency_penalty": ("frequency_penalty", (int, float)),
    "presence_penalty": ("presence_penalty", (int, float)),
    "temperature": ("temperature", (int, float)),
    "top_p": ("top_p", (int, float)),
    "top_k": ("top_k", int),
}

#: Parameters that are messages, with the role of who says them.
_ROLES = {"system_prompt": "system", "prompt": "user"}

#: Names of token counts in results, with the argument of `set_usage` that they are.
_COUNTS = {
    "prompt_tokens": "input_tokens",
    "input_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "output_tokens": "output_tokens",
    "total_tokens": "total_tokens",
}


def qualified_name(function: Callable[..., Any]) -> str:
    """Module and qualified name, as the Sentry SDK names functions."""
    prefix, suffix = "", ""
    if isinstance(function, functools.partial):
        prefix, suffix = "partial(<function ", ">)"
        function = function.func
    name = getattr(function, "__qualname__", None) or getattr(function, "__name__", None)
    if not isinstance(name, str):
        return type(function).__name__
    module = getattr(function, "__module__", None)
    return f"{prefix}{module}.{name}{suffix}" if isinstance(module, str) else f"{prefix}{name}{suffix}"


def short_name(function: Callable[..., Any]) -> str:
    """The function's own name."""
    name = getattr(_within(function), "__name__", None)
    return name if isinstance(name, str) else type(function).__name__


def doc_of(function: Callable[..., Any]) -> str | None:
    """The function's own docstring."""
    doc = getattr(_within(function), "__doc__", None)
    return doc if isinstance(doc, str) else None


def _within(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function that some of the arguments have been given to."""
    return _within(function.func) if isinstance(function, functools.partial) else function


def signature_of(function: Callable[..., Any]) -> inspect.Signature | None:
    """The signature, where Python knows one."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def arguments_of(signature: inspect.Signature | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of one call by name, without `self` and `cls`."""
    try:
        if signature is None:
            return dict(kwargs)
        given = dict(signature.bind(*args, **kwargs).arguments)
    except TypeError:
        return dict(kwargs)  # The call itself will raise.
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            given.update(given.pop(name, {}))
    for name in list(signature.parameters)[:1]:
        if name in ("self", "cls"):
            given.pop(name, None)
    return given


def settings_of(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments that are settings of a model or name an agent."""
    return {
        setting: arguments[name]
        for name, (setting, kind) in _SETTINGS.items()
        if isinstance(arguments.get(name), kind) and not isinstance(arguments[name], bool)
    }


def messages_of(arguments: dict[str, Any]) -> object:
    """The arguments that are messages; where none is named like one, the only one, or all of them."""
    named = [
        {"role": role, "content": arguments[name]}
        for name, role in _ROLES.items()
        if isinstance(arguments.get(name), str)
    ]
    if named:
        return named
    if "messages" in arguments:
        return arguments["messages"]
    others = {name: value for name, value in arguments.items() if name not in _SETTINGS}
    return next(iter(others.values())) if len(others) == 1 else others or None


def read_result(span: Span, result: object) -> None:
    """Usage and model, where a result has them under the usual names."""
    for source in (result, _value(result, "usage"), _value(_value(result, "metadata"), "usage")):
        found = [(count, _value(source, name)) for name, count in _COUNTS.items()]
        counts = {count: value for count, value in found if isinstance(value, int)}
        if counts:
            span.set_usage(**counts)
    for name in ("model", "model_name"):
        model = _value(result, name)
        if isinstance(model, str):
            span.set_attribute("gen_ai.response.model", model)


def _value(source: object, name: str) -> Any:
    if source is None or isinstance(source, str):
        return None
    if isinstance(source, dict):
        return source.get(name)
    try:
        return getattr(source, name, None)
    except Exception:
        return None
