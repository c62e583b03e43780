"""NLU graph components."""
