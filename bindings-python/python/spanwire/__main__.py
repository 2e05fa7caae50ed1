"""``python -m spanwire`` is the command ``spanwire``."""

from ._cli import main

main()
