"""Running pages, and the figures that they draw."""
