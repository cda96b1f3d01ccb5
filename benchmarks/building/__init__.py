"""What an author waits for: builds, and the server that shows a page while it is written."""
