"""For tests of programs that use Spanwire, together with the option `testing` of `init`."""

from . import _state

__all__ = ["set_clock"]


def set_clock(seconds: float) -> None:
    """Sets the time of the option `testing` (seconds since the epoch); without it nothing happens."""
    if _state.driver is not None:
        _state.driver.set_test_clock(seconds)
