"""The exercise library: its tables, its content and the questions one can ask it."""
