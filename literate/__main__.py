"""The command ``literate``, as ``python -m literate``."""

import sys

from literate.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())
