"""Each conversation of the YAML files beside this one is a test of its own: `pytest -k knee` plays those on knees."""

from pathlib import Path

import pytest

from scripts.assistant import Assistant
from tests.conversations.coverage import Reached, table
from tests.conversations.runner import play
from tests.conversations.script import Conversation, read_conversations

CONVERSATIONS = read_conversations()
REACHED = Reached()


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda conversation: conversation.name)
def test_conversation(conversation: Conversation, assistant: Assistant) -> None:
    play(conversation, assistant, REACHED)
    REACHED.played.add(conversation.name)


def test_coverage(capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that the assistant has is reached by a conversation."""
    if len(REACHED.played) < len(CONVERSATIONS):
        pytest.skip("not all conversations were played to their end")
    text, missing = table(REACHED)
    with capsys.disabled():
        print(f"\n\nWhat {len(CONVERSATIONS)} conversations reach:\n{text}")
    assert not missing, f"reached by no conversation: {missing}"


def test_logs_are_quiet(assistant: Assistant) -> None:
    """Nothing went wrong behind the scenes in these conversations."""
    assert assistant.log
    for name in ("server.log", "actions.log"):
        log = (Path(assistant.log) / name).read_text()
        assert "Traceback" not in log, name
        assert "error" not in log.lower(), name
