"""What this project adds to Rasa itself: NLU graph components, policies and importers."""
