"""What decorators stand above: methods of every sort, objects, and functions that only make what is to be run."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
from collections.abc import AsyncIterator, Callable, Generator, Iterator

import pytest
import spanwire
from conftest import Recorded


def test_above_static_and_class_methods(recorded: Recorded) -> None:
    class Desk:
        @spanwire.tool
        @staticmethod
        def look(place: str) -> str:
            return place

        @spanwire.tool(name="named")
        @classmethod
        def find(cls, place: str) -> str:
            return f"{cls.__name__} {place}"

        @spanwire.scope(pipeline="p")
        @staticmethod
        def ask() -> None:
            spanwire.chat("m").end()

    class Inner(Desk): ...

    assert (Desk.look("a"), Desk().look("b"), Inner.find("c"), Inner().find("d")) == ("a", "b", "Inner c", "Inner d")
    Desk().ask()
    spans = recorded.spans()
    assert [span["name"] for span in spans] == ["execute_tool look"] * 2 + ["execute_tool named"] * 2 + ["chat m"]
    arguments = [json.loads(span["attributes"]["gen_ai.tool.call.arguments"]) for span in spans[:4]]
    assert arguments == [{"place": place} for place in "abcd"]
    assert spans[4]["attributes"]["gen_ai.pipeline.name"] == "p"


def test_what_is_more_than_a_function_stays_what_it_is(
    start: Callable[..., Recorded], capfd: pytest.CaptureFixture[str]
) -> None:
    start(debug=True)

    class Library:
        """As the tools of libraries are: some may be called."""

        name = "look"

        def __call__(self) -> int:
            return 1

    class Uncalled: ...

    for given in (Library(), Uncalled(), Library, property(lambda self: 1), None.__class__):
        decorators: list[Callable[..., object]] = [spanwire.tool, spanwire.agent, spanwire.trace, spanwire.tool(name="n")]
        assert all(decorate(given) is given for decorate in [*decorators, spanwire.scope()])
    said = capfd.readouterr().err.replace("test_what_is_more_than_a_function_stays_what_it_is.<locals>.", "")
    assert "left a Library as it is" in said


def inside() -> None:
    """What is done in the body hangs below the span of the function."""
    spanwire.start_span(name="inside").end()


def assert_goes_on(recorded: Recorded, name: str, result: object) -> None:
    outer, inner = recorded.named(f"execute_tool {name}"), recorded.named("inside")
    assert inner["parent_span_id"] == outer["span_id"]
    assert outer["end_timestamp"] >= inner["end_timestamp"]
    assert outer["attributes"].get("gen_ai.tool.call.result") == result


class Asked:
    """Is called, and awaited."""

    async def __call__(self, value: int) -> str:
        await asyncio.sleep(0)
        inside()
        return f"{value}"


def ordinary(value: int) -> object:
    """What an ordinary decorator makes of an async function."""
    return Asked()(value)


@pytest.mark.parametrize(("function", "name"), [(Asked(), "Asked"), (ordinary, "ordinary")])
def test_a_coroutine_that_a_function_makes_is_its_run(
    recorded: Recorded, function: Callable[[int], object], name: str
) -> None:
    made = spanwire.tool(function)(5)
    assert inspect.iscoroutine(made) and made.__name__ == "__call__"
    assert asyncio.run(made) == "5"
    assert_goes_on(recorded, name, "5")


def test_a_coroutine_that_fails_is_its_failure(recorded: Recorded) -> None:
    async def failing() -> None:
        await asyncio.sleep(0)
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        asyncio.run(spanwire.tool(name="t")(lambda: failing())())
    assert recorded.span()["attributes"]["error.type"] == "LookupError"


def test_a_generator_that_a_function_makes_is_its_run(recorded: Recorded) -> None:
    def pieces() -> Generator[int, int, str]:
        said = yield 1
        inside()
        yield said
        return "done"

    made = spanwire.tool(name="t")(lambda: pieces())()
    assert inspect.isgenerator(made) and next(made) == 1
    assert spanwire.current_span() is None
    assert made.send(7) == 7 and next(made, None) is None
    assert_goes_on(recorded, "t", "done")


def test_an_async_generator_that_a_function_makes_is_its_run(recorded: Recorded) -> None:
    async def pieces() -> AsyncIterator[int]:
        yield 1
        inside()
        yield 2

    async def main() -> list[int]:
        made = spanwire.tool(name="t")(lambda: pieces())()
        assert inspect.isasyncgen(made)
        return [piece async for piece in made]

    assert asyncio.run(main()) == [1, 2]
    assert_goes_on(recorded, "t", None)


def test_what_was_made_and_never_run_ends(recorded: Recorded) -> None:
    def pieces() -> Iterator[int]:
        yield 1

    spanwire.tool(name="t")(lambda: pieces())()
    assert recorded.span()["status"] == "ok"


def test_a_tool_with_some_of_its_arguments(recorded: Recorded) -> None:
    def add(first: int, second: int) -> int:
        """Adds."""
        return first + second

    assert spanwire.tool(functools.partial(functools.partial(add, 1)))(second=2) == 3
    sent = recorded.span()
    assert sent["name"] == "execute_tool add" and sent["attributes"]["gen_ai.tool.description"] == "Adds."


def test_a_cache_stays_one(recorded: Recorded) -> None:
    @spanwire.trace
    @functools.lru_cache
    def cached(value: int) -> int:
        return value

    assert cached(1) == cached(1) == 1
    assert cached.cache_info().hits == 1
