"""The site against its peers, on the same pages in one run: ``python -m benchmarks``."""
