"""Extension points of training data: what becomes intents, responses and rules."""
