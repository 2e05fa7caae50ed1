"""What decorators stand above: methods of every sort, objects, and functions that only make what is to be run."""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
import json
import types
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator

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


def test_what_has_names_of_its_own_stays_what_it_is(recorded: Recorded) -> None:
    class Counter:
        def __init__(self) -> None:
            self.count = 0

        def __call__(self) -> None:
            self.count += 1

    counter = Counter()
    assert spanwire.tool(counter) is counter


def test_what_is_decorated_in_a_class_is_bound_as_before(recorded: Recorded) -> None:
    class Called:
        def __call__(self, value: int) -> int:
            return value

    async def ask(first: int, value: int) -> int:
        return first + value

    class Desk:
        called = spanwire.tool(Called())
        some = spanwire.tool(staticmethod(functools.partial(ask, 1)))

    assert Desk().called(1) == Desk.called(1) == 1
    assert asyncio.run(Desk().some(2)) == 3
    part = spanwire.tool(functools.partial(ask, 1))
    assert isinstance(part, functools.partial) and inspect.iscoroutinefunction(part)
    assert str(inspect.signature(part)) == "(value: 'int') -> 'int'"
    assert len(recorded.spans()) == 3


def test_what_a_function_has_besides_may_fail(recorded: Recorded) -> None:
    class Method:
        """As compiled functions are."""

        @property
        def broken(self) -> None:
            raise RuntimeError("not here")

        def clear(self) -> str:
            return "cleared"

        def __get__(self, instance: object, owner: object = None) -> Method:
            return self

        def __call__(self) -> int:
            return 1

    decorated = spanwire.tool(Method())
    assert decorated() == 1 and decorated.clear() == "cleared"


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


def test_a_generator_that_the_program_holds_stays_its_own(recorded: Recorded) -> None:
    class Reader:
        def __init__(self) -> None:
            self.held = iter(number for number in range(6))

        @spanwire.tool
        def rows(self) -> Iterator[int]:
            return self.held

    reader = Reader()
    for row in reader.rows():
        if row == 3:
            break
    assert next(reader.rows()) == 4 and reader.rows() is reader.held
    assert [span["status"] for span in recorded.spans()] == ["ok"] * 3


def test_a_generator_that_has_begun_stays_where_it_is(recorded: Recorded) -> None:
    def pieces() -> Generator[int, int, None]:
        said = yield 1
        yield said

    def begun() -> Generator[int, int, None]:
        made = pieces()
        next(made)
        return made

    assert spanwire.tool(begun)().send(7) == 7
    assert recorded.span()["status"] == "ok"


def test_a_generator_that_is_awaited(recorded: Recorded) -> None:
    @types.coroutine
    def asked(value: int) -> Generator[None, None, int]:
        yield
        inside()
        return value

    def ordinary() -> Awaitable[int]:
        return asked(2)

    async def main(function: Callable[..., Awaitable[int]], *args: int) -> int:
        return await function(*args)

    assert asyncio.run(main(spanwire.tool(asked), 1)) == 1
    assert_goes_on(recorded, "asked", "1")
    assert asyncio.run(main(spanwire.tool(functools.partial(asked, 3)))) == 3
    assert asyncio.run(main(spanwire.tool(ordinary))) == 2
    outer = recorded.named("execute_tool ordinary")
    assert [span["parent_span_id"] for span in recorded.spans() if span["name"] == "inside"][-1] == outer["span_id"]


def test_one_warning_for_a_coroutine_that_is_not_awaited(recorded: Recorded) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        spanwire.tool(ordinary)(1).close()  # type: ignore[attr-defined]
        gc.collect()
        assert not said
        spanwire.tool(ordinary)(1)
        gc.collect()
    assert ["was never awaited" in str(each.message) for each in said] == [True]
    said.clear()  # They hold what they are about.
    assert len(recorded.spans()) == 2


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
