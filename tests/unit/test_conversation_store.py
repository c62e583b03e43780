"""The conversation store: what is kept, summed up, deleted and survives an outage."""

import sqlite3
import time
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from conversations.store import TURNS_IN_MEMORY, ConversationStore

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
slots:
  safety_hold: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  exercise_hold: {type: bool, influence_conversation: false, mappings: [{type: custom}]}
"""
)


def open_store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ConversationStore:
    monkeypatch.setenv("CONVERSATIONS_URL", f"sqlite:///{folder}/conversations.db")
    return ConversationStore(DOMAIN)


async def talk(store: ConversationStore, name: str, turns: int) -> DialogueStateTracker:
    tracker = await store.retrieve(name) or DialogueStateTracker.from_events(
        name, [SessionStarted(), ActionExecuted("action_listen")], DOMAIN.slots
    )
    for turn in range(turns):
        tracker.update(UserUttered(f"question {turn}"))
        tracker.update(BotUttered(f"answer {turn}"))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
        tracker = await store.retrieve(name)
    return tracker


async def test_a_long_conversation_keeps_slots_and_the_last_replies_but_not_its_weight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path, monkeypatch)
    tracker = await talk(store, "long", 1)
    tracker.update(SlotSet("safety_hold", "red_flag"))
    tracker = await talk(store, "long", 100)
    reopened = await open_store(tmp_path, monkeypatch).retrieve("long")
    for known in (tracker, reopened):
        assert known.get_slot("safety_hold") == "red_flag"
        assert len([e for e in known.events if isinstance(e, UserUttered)]) < 2 * TURNS_IN_MEMORY
        assert [e.text for e in known.events if isinstance(e, BotUttered)][-1] == "answer 99"
    everything = await store.retrieve_full_tracker("long")
    texts = [e.text for e in everything.events if isinstance(e, UserUttered)]
    assert texts == ["question 0", *(f"question {turn}" for turn in range(100))]


async def test_an_open_form_is_not_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path, monkeypatch)
    tracker = await talk(store, "form", 1)
    tracker.update(ActiveLoop("assessment_form"))
    tracker = await talk(store, "form", 3 * TURNS_IN_MEMORY)
    assert tracker.active_loop_name == "assessment_form"


async def test_an_outage_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path, monkeypatch)
    tracker = await talk(store, "outage", 1)
    lock = sqlite3.connect(tmp_path / "conversations.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    tracker.update(SlotSet("safety_hold", "red_flag"))
    await store.save(tracker)
    assert (await store.retrieve("outage")).get_slot("safety_hold") == "red_flag"
    lock.execute("ROLLBACK")
    await talk(store, "outage", 1)
    reopened = await open_store(tmp_path, monkeypatch).retrieve("outage")
    assert reopened.get_slot("safety_hold") == "red_flag"
    assert len([e for e in reopened.events if isinstance(e, UserUttered)]) == 2


async def test_history_that_cannot_be_read_is_met_with_the_screening_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk(open_store(tmp_path, monkeypatch), "unread", 1)
    store = open_store(tmp_path, monkeypatch)
    (tmp_path / "conversations.db").unlink()
    (tmp_path / "conversations.db").mkdir()  # something that is no database
    for retrieve in (store.retrieve, store.retrieve_full_tracker):
        tracker = await retrieve("unread")
        assert tracker.get_slot("safety_hold") == "screening"
        assert tracker.get_slot("exercise_hold") is True


async def test_delete_removes_one_conversation_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path, monkeypatch)
    await talk(store, "mine", 2)
    await talk(store, "yours", 2)
    await store.delete("mine")
    assert await store.retrieve("mine") is None
    assert await store.retrieve("yours") is not None
    assert b"mine" not in b"".join(row[0].encode() for row in _rows(tmp_path))


async def test_retention_deletes_what_is_old_and_keeps_a_living_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path, monkeypatch)
    await talk(store, "silent", 2)
    tracker = await talk(store, "living", 1)
    tracker.update(SlotSet("safety_hold", "red_flag"))
    await store.save(tracker)
    database = sqlite3.connect(tmp_path / "conversations.db")
    with database:
        database.execute("UPDATE events SET timestamp = ?", (time.time() - 40 * 24 * 3600,))
    await talk(store, "living", 1)
    assert store.purge(days=30) > 0
    reopened = open_store(tmp_path, monkeypatch)
    assert await reopened.retrieve("silent") is None
    living = await reopened.retrieve("living")
    assert living.get_slot("safety_hold") == "red_flag"
    assert len([e for e in living.events if isinstance(e, UserUttered)]) == 1


def _rows(folder: Path) -> list[tuple[str]]:
    with sqlite3.connect(folder / "conversations.db") as database:
        return list(database.execute("SELECT sender_id FROM events"))
