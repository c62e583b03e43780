"""Telegram: the channel, its API and how replies look there."""
