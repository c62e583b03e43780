"""The commands of the chat apps, apart from what runs them: naming them must not load the assistant."""

COMMANDS = {
    "start": "Say hello",
    "help": "What I can do",
    "stop": "Stop the questions",
    "delete": "Delete our conversation",
}
