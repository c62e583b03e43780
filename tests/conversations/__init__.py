"""Scripted conversations, and the runner that holds the assistant to them."""
