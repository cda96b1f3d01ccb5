"""Figures: what is drawn where."""
