"""How `mathlib` compares: its time and memory with those of others, and its tests with mutants."""
