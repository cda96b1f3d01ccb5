"""Run the Python blocks of Markdown pages and weave what they give back into the pages."""
