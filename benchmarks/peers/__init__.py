"""What is compared: the tools, where they are installed, and the pages that they build."""
