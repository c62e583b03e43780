"""The conversation store: what is kept, summed up, deleted and survives an outage."""

import asyncio
import json
import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from conversations import store as store_module
from conversations.database import StorageError
from conversations.engine import open_engine
from conversations.exclusive import DatabaseInUse, NoDatabase
from conversations.recent import Recent, note_saved
from conversations.store import ConversationStore
from conversations.summary import TURNS
from settings import ROOT

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
slots:
  safety_hold: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  exercise_hold: {type: bool, influence_conversation: false, mappings: [{type: custom}]}
"""
)
BUTTONS = {"buttons": [{"title": "Yes", "payload": '/answer_question{"question": "nerve_signs", "value": "yes"}'}]}
Open = Callable[[], ConversationStore]


@pytest.fixture
def open_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens the store of the test's folder; the one that was open before is ended, as a crash would do it."""
    monkeypatch.setenv("CONVERSATIONS_URL", f"sqlite:///{tmp_path}/conversations.db")
    monkeypatch.setattr(store_module, "FIRST_PAUSE", 0.01)
    opened: list[ConversationStore] = []

    def crash() -> None:
        for store in opened:
            store._release()
        opened.clear()

    def reopen() -> ConversationStore:
        crash()
        opened.append(ConversationStore(DOMAIN))
        return opened[0]

    yield reopen
    crash()


def lock(folder: Path) -> sqlite3.Connection:
    """Locks the database until ROLLBACK."""
    connection = sqlite3.connect(folder / "conversations.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def texts(tracker: DialogueStateTracker | None) -> list[str | None]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


async def until_saved(store: ConversationStore) -> None:
    while not store.is_saving:
        await asyncio.sleep(0.01)


async def talk(store: ConversationStore, name: str, turns: int) -> DialogueStateTracker:
    tracker = await store.retrieve(name) or DialogueStateTracker.from_events(
        name, [SessionStarted(), ActionExecuted("action_listen")], DOMAIN.slots
    )
    for turn in range(turns):
        tracker.update(UserUttered(f"question {turn}"))
        tracker.update(BotUttered(f"answer {turn}", BUTTONS, {"utter_action": "utter_ask"}))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
        tracker = await store.retrieve(name)
    return tracker


async def test_a_long_conversation_keeps_slots_but_not_its_weight(open_store: Open) -> None:
    store = open_store()
    tracker = await talk(store, "long", 1)
    tracker.update(SlotSet("safety_hold", "see_doctor"))
    tracker = await talk(store, "long", 100)
    everything = await store.retrieve_full_tracker("long")
    reopened = await open_store().retrieve("long")
    for known in (tracker, reopened):
        assert known.get_slot("safety_hold") == "see_doctor"
        assert len(texts(known)) <= 2 * TURNS
    assert texts(everything) == ["question 0", *(f"question {turn}" for turn in range(100))]


async def test_the_last_question_stays_the_last_after_any_number_of_messages(open_store: Open) -> None:
    store = open_store()
    tracker = await talk(store, "asked", 0)
    for number in range(3 * TURNS):
        tracker.update(UserUttered(f"question {number}"))
        tracker.update(ActionExecuted("utter_ask"))
        tracker.update(BotUttered(f"answer {number}", BUTTONS, {"utter_action": "utter_ask"}))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
        for known in (await store.retrieve("asked"), await open_store().retrieve("asked")):
            *_, user, action, bot, listen = known.events
            assert (user.text, action.action_name, bot.text) == (f"question {number}", "utter_ask", f"answer {number}")
            assert bot.data["buttons"] == BUTTONS["buttons"]
            assert bot.metadata == {"utter_action": "utter_ask"}
            assert listen.action_name == "action_listen"
        store = open_store()
        tracker = await store.retrieve("asked")
    # Nothing is in the transcript twice.
    whole = await store.retrieve_full_tracker("asked")
    said = [event.text for event in whole.events if isinstance(event, UserUttered | BotUttered)]
    assert said == [text for number in range(3 * TURNS) for text in (f"question {number}", f"answer {number}")]


async def test_an_open_form_is_not_cut_off(open_store: Open) -> None:
    store = open_store()
    tracker = await talk(store, "form", 1)
    tracker.update(ActiveLoop("assessment_form"))
    tracker = await talk(store, "form", 3 * TURNS)
    assert tracker.active_loop_name == "assessment_form"


# --- A database that fails ---


async def test_what_could_not_be_saved_is_saved_without_another_message(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    tracker = await talk(store, "outage", 1)
    locked = lock(tmp_path)
    tracker.update(SlotSet("safety_hold", "see_doctor"))
    await store.save(tracker)
    assert not store.is_saving
    assert (await store.retrieve("outage")).get_slot("safety_hold") == "see_doctor"
    locked.execute("ROLLBACK")
    await until_saved(store)
    reopened = await open_store().retrieve("outage")
    assert reopened.get_slot("safety_hold") == "see_doctor"
    assert texts(reopened) == ["question 0"]


async def test_what_could_not_be_saved_is_saved_at_shutdown(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    tracker = await talk(store, "outage", 1)
    locked = lock(tmp_path)
    tracker.update(SlotSet("safety_hold", "see_doctor"))
    await store.save(tracker)
    locked.execute("ROLLBACK")
    await store.close()
    assert (await open_store().retrieve("outage")).get_slot("safety_hold") == "see_doctor"


def test_one_failed_save_does_not_lift_the_limit_on_memory() -> None:
    recent = Recent(limit=10)
    for number in range(100):
        tracker = DialogueStateTracker.from_events(f"{number}", [SessionStarted()], DOMAIN.slots)
        note_saved(tracker, 0 if number == 0 else 1)
        recent.put(tracker)
    assert recent.senders() == [*(f"{number}" for number in range(90, 100)), "0"]


async def test_a_tracker_that_left_the_memory_is_not_saved_twice(open_store: Open) -> None:
    store = open_store()
    tracker = await talk(store, "evicted", 2)
    store._recent.drop("evicted")
    tracker.update(UserUttered("question 2"))
    await store.save(tracker)
    assert texts(await open_store().retrieve("evicted")) == ["question 0", "question 1", "question 2"]


async def test_a_deleted_database_is_made_anew_with_all_that_is_in_memory(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    for name in ("here", "there"):
        tracker = await talk(store, name, 1)
        tracker.update(SlotSet("safety_hold", "see_doctor"))
        await store.save(tracker)
    for file in tmp_path.glob("conversations.db*"):
        file.unlink()
    await talk(store, "here", 2)
    await until_saved(store)
    store = open_store()
    for name in ("here", "there"):
        assert (await store.retrieve(name)).get_slot("safety_hold") == "see_doctor"
    assert texts(await store.retrieve("here")) == ["question 0", "question 0", "question 1"]


async def test_a_database_that_was_locked_at_the_start_is_used_once_it_is_free(
    tmp_path: Path, open_store: Open
) -> None:
    locked = lock(tmp_path)
    store = open_store()
    assert (await store.retrieve("new")).get_slot("safety_hold") == "screening"
    locked.execute("ROLLBACK")
    assert await store.retrieve("new") is None
    await talk(store, "new", 1)
    assert texts(await open_store().retrieve("new")) == ["question 0"]


async def test_what_was_said_in_doubt_joins_the_record(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    tracker = await talk(store, "held", 1)
    tracker.update(SlotSet("safety_hold", "emergency"))
    await store.save(tracker)
    await talk(store, "free", 1)
    store = open_store()
    database, aside = tmp_path / "conversations.db", tmp_path / "aside.db"
    database.rename(aside)
    database.mkdir()  # something that is no database
    for name in ("held", "free"):
        tracker = await store.retrieve(name)
        assert tracker.get_slot("safety_hold") == "screening"
        tracker.update(UserUttered("no"))
        tracker.update(SlotSet("safety_hold", None))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
    database.rmdir()
    aside.rename(database)
    await until_saved(store)
    for known in (store, open_store()):
        assert (await known.retrieve("held")).get_slot("safety_hold") == "emergency"
        assert (await known.retrieve("free")).get_slot("safety_hold") is None
        assert texts(await known.retrieve("held")) == ["question 0", "no"]


@pytest.mark.parametrize("data", ["no JSON", "[]", "null", "{}", '{"event": "of another kind"}', "{", ""])
async def test_a_row_that_cannot_be_read_means_in_doubt_once(tmp_path: Path, open_store: Open, data: str) -> None:
    await talk(open_store(), "row", 2)
    with sqlite3.connect(tmp_path / "conversations.db") as database:
        database.execute("UPDATE events SET data = ? WHERE id = (SELECT max(id) - 1 FROM events)", [data])
    store = open_store()
    tracker = await store.retrieve("row")
    assert tracker.get_slot("safety_hold") == "screening"
    assert tracker.get_slot("exercise_hold") is True
    assert texts(tracker) == ["question 0", "question 1"]
    tracker.update(SlotSet("safety_hold", None))
    await store.save(tracker)
    assert (await open_store().retrieve("row")).get_slot("safety_hold") is None


@pytest.mark.parametrize("sender", ["a\ud800", "a\0"])
async def test_a_sender_that_no_database_stores_ends_nothing(open_store: Open, sender: str) -> None:
    store = open_store()
    tracker = await store.retrieve(sender)
    if tracker:  # SQLite stores NUL
        await store.save(tracker)
    await talk(store, "another", 1)
    assert texts(await store.retrieve("another")) == ["question 0"]


async def test_history_that_cannot_be_read_is_met_with_the_screening_question(tmp_path: Path, open_store: Open) -> None:
    await talk(open_store(), "unread", 1)
    store = open_store()
    (tmp_path / "conversations.db").unlink()
    (tmp_path / "conversations.db").mkdir()  # something that is no database
    for retrieve in (store.retrieve, store.retrieve_full_tracker):
        tracker = await retrieve("unread")
        assert tracker.get_slot("safety_hold") == "screening"
        assert tracker.get_slot("exercise_hold") is True


def test_rubbish_in_place_of_the_database_gets_a_sentence(tmp_path: Path, open_store: Open) -> None:
    (tmp_path / "conversations.db").write_bytes(b"rubbish " * 1000)
    with pytest.raises(NoDatabase, match="is no database of conversations, or it is damaged. Move it away"):
        open_store()


async def test_a_second_process_on_the_same_database_is_refused(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    with pytest.raises(DatabaseInUse, match="Another assistant is using .*conversations.db"):
        ConversationStore(DOMAIN)
    other = [sys.executable, "-c", "from conversations.store import ConversationStore; ConversationStore()"]
    refused = subprocess.run(other, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."})
    assert "Another assistant is using" in refused.stderr
    await store.close()
    assert subprocess.run(other, cwd=ROOT, capture_output=True).returncode == 0


# --- Deletion ---


async def test_delete_removes_one_conversation_and_no_other(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    await talk(store, "mine", 2)
    await talk(store, "yours", 2)
    await store.delete("mine")
    assert await store.retrieve("mine") is None
    assert await store.retrieve("yours") is not None
    assert "mine" not in _senders(tmp_path)


async def test_a_failed_deletion_deletes_nothing(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    await talk(store, "mine", 1)
    locked = lock(tmp_path)
    with pytest.raises(StorageError):
        await store.delete("mine")
    locked.execute("ROLLBACK")
    assert texts(await store.retrieve("mine")) == ["question 0"]


async def test_what_is_deleted_or_old_is_nowhere_on_the_disk(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    for name in ("deleted", "old"):
        tracker = await talk(store, name, 1)
        for number in range(50):
            tracker.update(UserUttered(f"xylo{name} {number}"))
            await store.save(tracker)

    def on_disk(word: bytes) -> int:
        return sum(file.read_bytes().count(word) for file in tmp_path.iterdir())

    assert on_disk(b"xylodeleted") and on_disk(b"xyloold")
    await store.delete("deleted")
    assert not on_disk(b"xylodeleted")
    assert store.purge(days=1e-9) > 0
    assert not on_disk(b"xyloold")


def test_nobody_else_can_read_the_database(tmp_path: Path, open_store: Open) -> None:
    (tmp_path / "conversations.db").touch(0o644)  # of an earlier version
    open_store()
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_reader_does_not_take_the_log_away(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    engine = open_engine(f"sqlite:///{file}")

    def read_elsewhere() -> str:
        look = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT number FROM kept'))"
        return subprocess.run([sys.executable, "-c", look, str(file)], capture_output=True, text=True).stdout

    with engine.connect() as first:
        first.execute("CREATE TABLE kept (number INTEGER)")
        with engine.connect() as second:  # the pool grows while the first one is in use
            assert second.execute("SELECT count(*) FROM kept").scalar() == 0
        read_elsewhere()
        first.execute("INSERT INTO kept VALUES (1)")
    assert read_elsewhere() == "(1,)\n"
    engine.dispose()


async def test_retention_deletes_what_is_old_and_keeps_a_living_hold(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    await talk(store, "silent", 2)
    tracker = await talk(store, "living", 1)
    tracker.update(SlotSet("safety_hold", "see_doctor"))
    await store.save(tracker)
    with sqlite3.connect(tmp_path / "conversations.db") as database:
        database.execute("UPDATE events SET timestamp = ?", (time.time() - 40 * 24 * 3600,))
    await talk(store, "living", 1)
    assert store.purge(days=30) > 0
    reopened = open_store()
    assert await reopened.retrieve("silent") is None
    living = await reopened.retrieve("living")
    assert living.get_slot("safety_hold") == "see_doctor"
    assert len(texts(living)) == 1


async def test_rasas_own_store_reads_the_database(tmp_path: Path, open_store: Open) -> None:
    store = open_store()
    await talk(store, "portable", 3)
    theirs = SQLTrackerStore(DOMAIN, db=str(tmp_path / "conversations.db"))
    assert texts(await theirs.retrieve("portable")) == texts(await store.retrieve("portable"))


def _senders(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "conversations.db") as database:
        rows = database.execute("SELECT sender_id, data FROM events").fetchall()
    assert all(json.loads(data) for _, data in rows)
    return {sender for sender, _ in rows}
