"""For tests of programs that use Spanwire, together with the option `testing` of `init`."""

from . import _spanwire

__all__ = ["set_clock"]


def set_clock(seconds: float) -> None:
    """Sets the time of the option `testing` (seconds since the epoch); without it nothing happens."""
    driver = _spanwire.driver()
    if driver is not None:
        driver.set_test_clock(seconds)
