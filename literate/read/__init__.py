"""Text to page: what runs, what is an inline value, and what the tests would misread."""

from literate.read.reader import decode, read

__all__ = ["decode", "read"]
