"""Where people meet the assistant: REST, web widget, Slack, Telegram."""
