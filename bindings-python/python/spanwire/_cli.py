"""The command ``spanwire``."""

import sys

from . import _spanwire


def main() -> None:
    """Runs the command line of the process and ends it with its exit code."""
    sys.exit(_spanwire.run_command(["spanwire", *sys.argv[1:]]))
