"""Slack: the channel and how replies look there."""
