"""What a reader waits for: the first view of a page in a browser."""
