"""The web: the chat page, the widget and the socket between them and the assistant."""
