"""The mathematics of the worked solutions, on numpy arrays."""
