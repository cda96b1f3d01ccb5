"""The site in a real browser: what a reader sees, can do, and is never asked to wait for."""
