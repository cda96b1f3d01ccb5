"""Page to results: each chain of blocks runs in a process of its own."""

from literate.run.pool import Pool

__all__ = ["Pool"]
