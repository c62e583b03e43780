"""Policies that stand above the rules: safety first, then a sentence when an action failed."""
