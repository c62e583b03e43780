"""Measurements, one command each; nothing here is part of the tests."""
