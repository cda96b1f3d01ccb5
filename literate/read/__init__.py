"""Text to page: what runs, what is an inline value, and what the tests would misread."""

from literate.read.fence import decode
from literate.read.reader import read

__all__ = ["decode", "read"]
