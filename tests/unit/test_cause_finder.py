"""The cause finder's own steps, as the action server runs them: what it takes, changes, skips and sums up."""

from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.assessment_form import impossible
from library.questions import FORM, questions

ANSWERS = {
    "nerve_signs": False,
    "recent_injury": False,
    "sitting_hours": 9.0,
    "pain_area": "back",
    "posture_sign": "none",
    "training_load": "some",
}


class Finder:
    """A conversation in the middle of the form."""

    def __init__(self, asked: str | None = None, **slots: Any) -> None:
        self.slots: dict[str, Any] = {**dict.fromkeys(FORM), "requested_slot": asked, **slots}
        self.screen: list[dict[str, Any]] = []
        self.executor = ActionExecutor()
        self.executor.register_package("actions")

    async def hear(
        self,
        intent: str,
        *events: dict[str, Any],
        action: str = "validate_assessment_form",
        told: dict[str, Any] | None = None,
        **entities: Any,
    ) -> tuple[list[str], dict[str, Any]]:
        """Returns what is said after a message, and the slots that change; `told` are facts in the message."""
        message = {
            "text": "as the entities say",
            "intent": {"name": intent, "confidence": 1.0},
            "intent_ranking": [{"name": intent, "confidence": 1.0}],
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        }
        before = [{"event": "slot", "name": name, "value": value} for name, value in self.slots.items()]
        facts = [{"event": "slot", "name": name, "value": value} for name, value in (told or {}).items()]
        self.slots |= told or {}
        form = {"event": "action", "name": "assessment_form"}
        history = [*before, *self.screen, {"event": "user", "text": message["text"]}, *facts, *events, form]
        tracker = {"sender_id": "somebody", "slots": self.slots, "latest_message": message, "events": history}
        rest = {"paused": False, "followup_action": None, "active_loop": {"name": "assessment_form"}}
        call = {"next_action": action, "sender_id": "somebody", "domain": {}, "tracker": {**tracker, **rest}}
        answer = await self.executor.run({**call, "tracker": {**call["tracker"], "latest_action_name": None}})
        changed = {e["name"]: e["value"] for e in answer["events"] if e["event"] == "slot"}
        self.slots |= changed
        return [reply.get("text") or reply["response"] for reply in answer["responses"]], changed


STARTS = {"event": "active_loop", "name": "assessment_form"}


async def test_it_asks_only_what_is_not_known_and_says_so() -> None:
    finder = Finder(sitting_hours=9.0, training_load="a_lot")
    said, slots = await finder.hear("start_assessment", STARTS)
    assert said == ["You told me: about 9 hours of sitting a day, a lot of training. I'll skip those."]
    assert (slots["question_number"], slots["question_count"]) == (1, 4)


async def test_signs_are_asked_about_each_time() -> None:
    finder = Finder(**ANSWERS)
    said, slots = await finder.hear("start_assessment", STARTS)
    assert slots["nerve_signs"] is None
    assert slots["recent_injury"] is None
    assert slots["question_count"] == 2
    assert "no tingling" not in said[0]


async def test_a_skipped_question_is_asked_the_next_time() -> None:
    finder = Finder(pain_area="unknown")
    _, slots = await finder.hear("start_assessment", STARTS)
    assert slots["pain_area"] is None


async def test_facts_beside_an_answer_are_noted_and_not_asked() -> None:
    finder = Finder("sitting_hours", nerve_signs=False, recent_injury=False, question_number=3)
    said, slots = await finder.hear(
        "answer_question", told={"pain_area": "knee"}, question="sitting_hours", value=9, pain_area="knee"
    )
    assert said == ["Noted: pain in your knee."]
    assert slots["sitting_hours"] == 9
    assert (slots["question_number"], slots["question_count"]) == (4, 5)


async def test_a_corrected_fact_is_said_back() -> None:
    finder = Finder("pain_area", nerve_signs=False, recent_injury=False, sitting_hours=9.0, question_number=4)
    said, slots = await finder.hear("nlu_fallback", told={"sitting_hours": 3.0})
    assert said == ["Changed: about 3 hours of sitting a day."]
    assert slots["pain_area"] is None
    assert slots["question_misses"] == 0


@pytest.mark.parametrize("value", ["skip", "unsure"])
@pytest.mark.parametrize("question", FORM[2:])
async def test_what_a_person_cannot_say_is_left_open(question: str, value: str) -> None:
    finder = Finder(question)
    _, slots = await finder.hear("answer_question", question=question, value=value)
    assert slots[question] == "unknown"


@pytest.mark.parametrize("value", ["skip", "unsure", None, 3, "change?"])
@pytest.mark.parametrize("question", FORM[:2])
async def test_signs_are_never_left_open(question: str, value: Any) -> None:
    finder = Finder(question)
    _, slots = await finder.hear("answer_question", question=question, value=value)
    assert slots[question] is None


async def test_back_and_forth() -> None:
    finder = Finder("pain_area", nerve_signs=False, recent_injury=False, sitting_hours=9.0, question_number=4)
    _, slots = await finder.hear("answer_question", question="pain_area", value="previous")
    assert slots["sitting_hours"] is None
    assert slots["question_number"] == 3
    finder = Finder("nerve_signs")
    said, slots = await finder.hear("answer_question", question="nerve_signs", value="previous")
    assert said == ["This is the first question."]


async def test_an_old_button_changes_its_answer_and_says_so() -> None:
    finder = Finder("pain_area", nerve_signs=False, recent_injury=False, sitting_hours=9.0, question_number=4)
    said, slots = await finder.hear("answer_question", question="sitting_hours", value=3)
    assert said == ["Changed: about 3 hours of sitting a day."]
    assert slots["sitting_hours"] == 3
    assert "pain_area" not in slots
    said, _ = await finder.hear("answer_question", question="sitting_hours", value=3)
    assert said == ["I have that already: about 3 hours of sitting a day."]


async def test_misses_bring_other_words_in_turn() -> None:
    finder = Finder("sitting_hours")
    misses = []
    for _ in range(4):
        _, slots = await finder.hear("nlu_fallback")
        misses.append(slots["question_misses"])
    assert misses == [1, 2, 1, 2]


async def test_asked_why_twice_it_offers_a_way_out() -> None:
    finder = Finder("sitting_hours")
    said, _ = await finder.hear("answer_question", question="sitting_hours", value="why")
    assert said == ["utter_explain_sitting_hours"]
    finder.screen = [{"event": "bot", "text": "?", "data": {}, "metadata": {"utter_action": said[0]}}]
    said, slots = await finder.hear("answer_question", question="sitting_hours", value="why")
    assert said == []
    assert slots["question_misses"] == 2


async def test_a_wish_is_left_to_the_rules() -> None:
    finder = Finder("sitting_hours")
    assert await finder.hear("ask_causes") == ([], {})


async def test_the_summary_names_all_answers_and_lets_each_be_changed() -> None:
    finder = Finder("answers_confirmed", **ANSWERS, old_injury=True)
    said, _ = await finder.hear("answer_question", action="action_ask_assessment_form_answers_confirmed")
    for words in ("9 hours", "your back", "more than six weeks ago", "some training", "Anything to change?"):
        assert words in said[0]
    _, slots = await finder.hear("answer_question", question="posture_sign", value="change")
    assert slots["posture_sign"] is None
    assert slots["sitting_hours" if "sitting_hours" in slots else "question_misses"] == 0


async def test_the_result_keeps_what_was_told() -> None:
    finder = Finder(**{**ANSWERS, "posture_sign": "unknown", "sitting_hours": "unknown"}, old_injury=True)
    said, slots = await finder.hear("answer_question", action="action_rank_causes")
    assert "An earlier injury" in said[0]
    assert slots["nerve_signs"] is None
    assert "pain_area" not in slots


@pytest.mark.parametrize("value", [-1, 25, "many", None, [9]])
def test_impossible_hours(value: Any) -> None:
    assert impossible("sitting_hours", value)


@pytest.mark.parametrize("value", [0, 24, 7.5, "skip", "unsure"])
def test_possible_hours(value: Any) -> None:
    assert impossible("sitting_hours", value) is None


def test_each_answer_has_words() -> None:
    for name in FORM:
        question = questions()[name]
        values = [b["value"] for b in question.buttons if b["value"] not in ("yes", "unsure", "why")]
        assert len({question.wording(value) for value in [*values, "unknown"]}) == len(values) + 1
