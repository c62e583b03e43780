"""The hold as a conversation, in real trackers: what raised it, what is said to it, and what lifts it."""

from itertools import pairwise

import pytest
from rasa.shared.core.events import SlotSet

from components.policies.hold import quote, spoken_advice
from library.hold import find_turn, read_turns
from safety import RedFlags
from safety.levels import ALARMS
from tests.unit.hold_talk import Talk, domain, on_hold, policy

STRETCHES = "find_exercises"
FOOT = "can't feel my toes"
EXERCISE = ("seconds", "repetitions", "twice a day", "Hold ", "/find_exercises", "/ask_routine", "/start_assessment")
SIGNS = {
    "see_doctor": "my left foot is numb",
    "acute_injury": "I felt a pop in my hamstring sprinting just now",
    "emergency": "I can't feel when I need to pee",
}


def assert_no_exercise(talk: Talk) -> None:
    said = talk.text + " ".join(button["payload"] for button in talk.buttons)
    assert not [word for word in EXERCISE if word in said], said


# --- What a report is answered with ---


def test_a_report_quotes_the_words_and_leads_with_the_signs_own_advice() -> None:
    talk = Talk()
    assert talk.say(f"I {FOOT}, what stretch helps?", STRETCHES) == ["utter_see_doctor"]
    quoted, lead, first, *_ = talk.text.splitlines()
    assert FOOT in quoted
    assert quoted.startswith("You said: ")
    assert "within a few days" in lead
    assert spoken_advice("lost_feeling", "see_doctor")["sign_says"] in lead
    assert first.startswith("- Do not stretch")
    assert talk.text.splitlines()[-1].startswith("- **Call 999")


@pytest.mark.parametrize(
    ("text", "when", "dont"),
    [
        ("my calf is swollen and warm", "see a doctor today", "Do not massage that calf."),
        ("I can't lift my toes", "see a doctor today", "the toes catch"),
        ("my foot tingles", "see a doctor within a few days", "Do not stretch into the tingling."),
        ("my wee is the colour of coke since the spin class", "see a doctor now", "No more exercise"),
        ("my foot tingles and it's getting worse", "see a doctor today", "Do not stretch into the tingling."),
        ("a big bruise on the back of my thigh", "looked at today", "No massage, no heat"),
    ],
)
def test_how_soon_and_what_not_to_do_belong_to_the_sign(text: str, when: str, dont: str) -> None:
    talk = Talk()
    talk.say(text)
    assert when in talk.text
    assert dont in talk.text


@pytest.mark.parametrize("text", ["I have chest pain", "her face is drooping on one side", "I passed out this morning"])
def test_other_emergencies_are_short_with_the_number_and_nothing_about_exercises(text: str) -> None:
    talk = Talk()
    assert talk.say(text) == ["utter_emergency"]
    assert "Call 999, 112 or 911" in talk.text
    assert len(talk.text.split()) < 90
    assert "stretch" not in talk.text
    assert "exercise" not in talk.text


def test_somebody_who_wants_to_die_gets_warmth_a_person_and_a_line_and_is_not_quoted() -> None:
    talk = Talk()
    assert talk.say("I want to die") == ["utter_emergency"]
    assert talk.slot("crisis_line") in talk.text
    assert "999" in talk.text
    assert "want to die" not in talk.text
    for text, intent in {"ok": "affirm", "show me a stretch": STRETCHES, "what number do I call": ""}.items():
        assert talk.say(text, intent) == ["utter_hold_self_harm"]
        assert talk.slot("crisis_line") in talk.text
    assert talk.say("I was joking") == ["utter_confirm_safe"]
    assert talk.press("No, not really") == ["utter_hold_self_harm"]
    talk.say("that was a mistake")
    assert talk.press("Yes, I am safe") == ["utter_safe_again"]
    assert talk.slot("safety_hold") is None


@pytest.mark.parametrize("payload", ["/report_red_flag", "/report_emergency", "/report_acute_injury"])
def test_a_typed_payload_gets_whole_sentences(payload: str) -> None:
    talk = Talk()
    talk.say(payload)
    assert talk.slot("exercise_hold")
    for gap in ("None", "{", "You said"):
        assert gap not in talk.text


@pytest.mark.parametrize("name", ["utter_see_doctor", "utter_emergency", "utter_acute_injury"])
def test_answers_are_whole_without_the_policy(name: str) -> None:
    slots = {slot.name: slot.initial_value for slot in domain().slots}
    for variant in domain().responses[name]:
        text = variant["text"].format_map(slots)
        assert "None" not in text
        assert "\n\n" not in text


def test_the_more_urgent_sign_of_a_message_leads() -> None:
    talk = Talk()
    talk.say("my foot tingles and my calf is swollen and warm")
    assert talk.slot("reported_sign") == "dvt"
    assert "today" in talk.text.splitlines()[1]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Hi there. My left foot is numb since Monday, what helps?", "My left foot is numb since Monday"),
        ("my calf is swollen and warm", "calf is swollen and warm"),
        ("tingling", "tingling"),
        ("pins and needles in my calf when I run", "pins and needles in my calf"),
    ],
)
def test_enough_is_quoted_to_know_it_again_and_nothing_twice(text: str, quoted: str) -> None:
    talk = Talk()
    talk.say(text)
    assert talk.slot("reported_words") == f'"{quoted}"'


def test_a_quote_is_plain_and_short() -> None:
    assert quote("**numb** <b>[x](http://y)</b>\nfoot") == "numb bx(http://y)/b foot"
    assert len(quote("numb " * 60)) < 100


@pytest.mark.parametrize("level", ALARMS)
def test_every_sign_has_advice_that_reads_as_a_reply(level: str) -> None:
    for rule in RedFlags.load().lexicon.signs:
        if rule.level == level and rule.language == "en":
            advice = RedFlags.load().advice(rule.id)
            assert advice, rule.id
            assert advice.says, rule.id
            assert advice.looks_at, rule.id
            assert advice.can_wait, rule.id
            for text in (advice.says, *advice.donts, advice.can_wait):
                assert text[0].isupper(), text
                assert text.rstrip()[-1] in ".?", text
                assert "you are fine" not in text.lower()


# --- The conversation that follows ---


@pytest.mark.parametrize("turn", read_turns(), ids=lambda turn: turn.name)
def test_what_people_say_to_a_hold_is_understood_by_its_words(turn) -> None:
    for text in turn.examples:
        found = find_turn(text, None)
        assert found, text
        assert found.name == turn.name, text
    for text in turn.misses:
        found = find_turn(text, None)
        assert not found or found.name != turn.name, text


@pytest.mark.parametrize(
    "text", ["show me exercises", "what causes tight hamstrings", "it hurts", "how do I stretch my hamstrings?"]
)
def test_other_things_are_no_talk_about_the_hold(text: str) -> None:
    assert find_turn(text, "nlu_fallback") is None


@pytest.mark.parametrize("level", SIGNS)
@pytest.mark.parametrize("turn", [turn for turn in read_turns() if turn.examples], ids=lambda turn: turn.name)
def test_no_turn_says_the_same_twice_or_names_an_exercise(turn, level: str) -> None:
    talk = Talk()
    talk.say(SIGNS[level])
    heard = [talk.text]
    for _ in range(1 if turn.confirm else 3):
        talk.say(turn.examples[0])
        assert talk.names
        assert_no_exercise(talk)
        assert talk.slot("safety_hold") == level
        heard.append(talk.text)
    assert all(one != other for one, other in pairwise(heard))


@pytest.mark.parametrize("level", SIGNS)
def test_nothing_is_said_twice_in_a_row(level: str) -> None:
    talk = Talk()
    before = ""
    talk.say(SIGNS[level])
    wishes = [STRETCHES, STRETCHES, "ask_why_tight", "ask_why_tight", "ask_causes", "nlu_fallback", "nlu_fallback"]
    for intent in [*wishes, "affirm", "affirm", "deny", STRETCHES, "ask_routine", "follow_up_how_many"]:
        talk.say("hm so", intent)
        assert talk.text != before
        assert_no_exercise(talk)
        before = talk.text


def test_the_same_report_again_is_answered_shorter() -> None:
    talk = Talk()
    talk.say("my foot is numb")
    first = talk.text
    talk.say("my foot is numb")
    assert len(talk.text) < len(first)
    assert "within a few days" in talk.text


@pytest.mark.parametrize(
    ("sign", "answer"),
    [("my foot tingles", "A few days are all right"), ("my calf is swollen and warm", "No, not over")],
)
def test_can_it_wait_is_answered_about_that_sign(sign: str, answer: str) -> None:
    talk = Talk()
    talk.say(sign)
    assert talk.say("can it wait till Monday?") == ["utter_hold_can_it_wait"]
    assert talk.text.startswith(answer)


def test_what_gets_worse_is_a_matter_for_today() -> None:
    talk = Talk()
    talk.say("my foot tingles")
    assert talk.slot("sign_when") == "within a few days"
    assert talk.say("it's getting worse") == ["utter_hold_worse"]
    assert talk.slot("sign_when") == "today"


def test_the_note_has_the_persons_own_words() -> None:
    talk = Talk()
    talk.say("my left foot is numb since Tuesday")
    talk.say("and now my calf tingles too")
    assert talk.say("what do I tell the doctor?") == ["utter_note_for_doctor"]
    assert "my left foot is numb since Tuesday / and now my calf tingles too" in talk.text


def test_both_buttons_stand_under_each_reply() -> None:
    talk = Talk()
    for text in ("my foot is numb", "huh?", "why?", "can it wait?", "I have no doctor", "it's gone now", "ok", "blah"):
        talk.say(text)
        assert {"That was a mistake", "A doctor has cleared me"} <= {button["title"] for button in talk.buttons}, text


def test_an_answer_during_a_hold_is_followed_by_a_reminder_in_turn_other_words() -> None:
    talk = Talk()
    talk.say("my foot is numb")
    reminders = set()
    for intent in ("ask_why_tight", "ask_causes", "ask_cause_sitting"):
        assert talk.say("tell me about that", intent)[-1] == "utter_hold_reminder"
        reminders.add(talk.texts[-1])
    assert len(reminders) == 3


# --- What lifts it, and what does not ---


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("no numbness, just tight", "utter_confirm_correction"),
        ("I'm fine", "utter_confirm_correction"),
        ("it was two years ago", "utter_confirm_correction"),
        ("sorry, I meant no numbness", "utter_confirm_correction"),
        ("my physiotherapist has cleared me", "utter_confirm_clearance"),
        ("the midwife said I can stretch", "utter_confirm_clearance"),
        ("my surgeon says it's fine", "utter_confirm_clearance"),
        ("a nurse checked it and said it's ok", "utter_confirm_clearance"),
    ],
)
def test_a_confirmed_statement_lifts_the_hold_and_the_question_is_answered(said: str, asked: str) -> None:
    talk = Talk()
    talk.say("my foot is numb")
    talk.say("show me a stretch for my back", STRETCHES)
    assert talk.say(said) == [asked]
    assert talk.slot("safety_hold") == "see_doctor"
    assert talk.press(talk.buttons[0]["title"]) == ["utter_hold_lifted_answer", "action_find_exercises"]
    assert talk.slot("safety_hold") is None
    assert talk.slot("exercise_hold") is False
    assert talk.tracker.latest_message.text == "show me a stretch for my back"


def test_a_question_beside_a_false_alarm_waits_and_is_answered() -> None:
    talk = Talk()
    talk.say("why are they tight, my foot is numb", guesses={"ask_why_tight": 0.5})
    assert talk.press("That was a mistake") == ["utter_confirm_correction"]
    assert talk.press("That was a mistake") == ["utter_hold_lifted_answer", "utter_why_tight"]
    assert talk.slot("topic") == "why_tight"


def test_what_nobody_waits_for_is_not_answered_later() -> None:
    talk = Talk()
    talk.say("my foot is numb", guesses={"out_of_scope": 0.6})
    talk.say("thanks", "thank")
    talk.say("I meant no numbness")
    assert talk.press("That was a mistake") == ["utter_hold_lifted"]


def test_the_buttons_of_the_hold_lift_nothing_by_themselves() -> None:
    talk = Talk()
    talk.say("my foot is numb")
    assert talk.press("A doctor has cleared me") == ["utter_confirm_clearance"]
    assert talk.press("No, not yet") == ["utter_hold_kept"]
    assert talk.slot("safety_hold") == "see_doctor"


@pytest.mark.parametrize(
    "said", ["my trainer said it's fine", "my husband thinks I can stretch", "google says it's ok"]
)
def test_those_who_did_not_examine_clear_nobody_and_it_is_said_why(said: str) -> None:
    talk = Talk()
    talk.say("my foot is numb")
    assert talk.say(said) == ["utter_hold_lay_clearance"]
    assert "examined you" in talk.text


@pytest.mark.parametrize("question", ["clearance", "correction"])
@pytest.mark.parametrize("answer", ["I think so", "maybe", "more or less", "kind of"])
def test_half_a_yes_lifts_nothing(question: str, answer: str) -> None:
    talk = Talk()
    talk.say("my foot is numb")
    talk.say("my doctor has cleared me" if question == "clearance" else "I meant no numbness")
    talk.say(answer, "affirm")
    assert talk.slot("safety_hold") == "see_doctor"


def test_an_open_confirmation_survives_another_topic() -> None:
    talk = Talk()
    talk.say("my foot is numb")
    talk.say("my doctor has cleared me")
    assert talk.say("why are they tight?", "ask_why_tight") == ["utter_why_tight", "utter_confirm_clearance_again"]
    assert talk.say("can it wait?") == ["utter_hold_can_it_wait", "utter_confirm_clearance_way_out"]
    assert talk.say("yes, they have")[0] == "utter_hold_lifted"


@pytest.mark.parametrize(
    "payloads",
    [
        ["/report_clearance", "/affirm"],
        ["/correct_report", "/affirm"],
        ['/answer_question{"question": "clearance", "value": "yes"}'] * 2,
        ['/answer_question{"question": "correction", "value": "yes"}'] * 2,
        ['/answer_question{"question": "screening", "value": "no"}'],
        ['/answer_question{"question": "whose", "value": "self"}'],
        ["/start_over", "/affirm"],
        ["/follow_up_not_me", "/affirm"],
    ],
)
def test_payloads_that_nothing_asked_for_lift_nothing(payloads: list[str]) -> None:
    talk = Talk()
    talk.say("my foot is numb")
    for payload in payloads:
        talk.say(payload)
    assert talk.slot("safety_hold") == "see_doctor"
    assert talk.slot("exercise_hold")


def test_start_over_brings_the_confirmation() -> None:
    talk = Talk()
    talk.say("my foot is numb")
    assert talk.say("start over", "start_over") == ["action_start_over", "utter_hold_check"]


def test_a_hold_rises_and_an_emergency_is_never_answered_with_the_ordinary_reply() -> None:
    talk = Talk()
    talk.say("my foot is numb")
    assert talk.say("and I can't pee") == ["utter_emergency"]
    assert talk.say("my toes tingle too") == ["utter_emergency"]
    assert talk.slot("reported_sign") == "cannot_pass_urine"
    assert talk.slot("safety_hold") == "emergency"


def test_a_hold_of_before_goes_on_under_its_new_name() -> None:
    talk = Talk(*on_hold("red_flag"))
    assert talk.say("show me a stretch", STRETCHES) == ["utter_exercises_on_hold"]
    assert talk.say("my calf tingles") == ["utter_see_doctor"]
    assert talk.slot("safety_hold") == "see_doctor"


# --- Whose sign it is ---


def test_a_report_about_somebody_else_holds_theirs_once_it_is_said_who_is_who() -> None:
    talk = Talk()
    talk.say("my husband's foot is numb")
    assert talk.slot("reported_whose") == "other"
    assert "have them see a doctor" in talk.text
    assert talk.say("show me a stretch", STRETCHES) == ["utter_ask_whose"]
    assert talk.press("About me") == ["utter_hold_for_self", "action_find_exercises"]
    assert talk.slot("exercise_hold") is False
    assert talk.say("another one", "next_exercise") == []
    assert talk.say("and one for him", STRETCHES) == ["utter_ask_whose"]
    assert talk.slot("exercise_hold") is True
    assert talk.press("About them") == ["utter_hold_for_other"]
    assert talk.say("show me a stretch", STRETCHES) == ["utter_hold_for_other"]


def test_a_sign_that_somebody_else_has_seen_is_ones_own() -> None:
    talk = Talk()
    talk.say("my wife says my foot slaps the floor when I walk")
    assert talk.slot("reported_whose") == "self"


def test_a_report_of_ones_own_after_that_holds_ones_own() -> None:
    talk = Talk()
    talk.say("my husband's foot is numb")
    talk.say("show me a stretch", STRETCHES)
    talk.press("About me")
    assert talk.say("now my own foot tingles") == ["utter_see_doctor"]
    assert talk.slot("reported_whose") == "self"
    assert talk.say("show me a stretch", STRETCHES) == ["utter_exercises_on_hold"]


def test_that_it_was_about_somebody_else_is_asked_about() -> None:
    talk = Talk()
    talk.say("numb foot, what helps?")
    assert talk.say("it's not me, it's my wife") == ["utter_ask_whose"]
    assert talk.press("About me") == ["utter_hold_for_self"]


# --- Screening ---


def test_screening_says_what_it_is_about_and_on_no_the_question_is_answered() -> None:
    talk = Talk()
    assert talk.say("my legs feel heavy, why are they tight?", guesses={"ask_why_tight": 0.6}) == [
        "utter_ask_screening"
    ]
    assert "heavy" in talk.text
    assert talk.press("No") == ["utter_screening_answer", "utter_why_tight"]
    assert talk.slot("screened")
    assert "Now to what you asked" in talk.texts[0]


def test_without_a_question_screening_ends_with_an_offer() -> None:
    talk = Talk()
    talk.say("my legs feel heavy")
    assert talk.press("No") == ["utter_screening_clear"]
    assert "What would you like to do?" in talk.text


def test_doubt_is_explained_and_then_counts_as_a_sign() -> None:
    talk = Talk()
    talk.say("my legs feel heavy")
    assert talk.say("not sure") == ["utter_explain_screening"]
    assert talk.say("I really don't know") == ["utter_see_doctor"]
    assert "You are not sure" in talk.text
    assert "You said" not in talk.text


def test_a_sign_in_ones_own_words_is_quoted() -> None:
    talk = Talk()
    talk.say("my legs feel heavy")
    assert talk.say("only at night in bed") == ["utter_see_doctor"]
    assert 'You said: "only at night in bed".' in talk.text


def test_what_the_reader_finds_only_asks_or_advises() -> None:
    talk = Talk()
    assert talk.say("it is as if the leg were somebody else's", reader="unclear") == ["utter_ask_screening"]
    talk.press("No")
    assert talk.say("as if the leg were made of wool", reader="see_doctor") == ["utter_advise_doctor"]
    assert talk.slot("safety_hold") is None
    assert talk.slot("exercise_hold") is False
    assert talk.say("as if the leg were made of wool", reader="see_doctor") == ["utter_advise_doctor"]


def test_during_a_hold_the_reader_raises_nothing() -> None:
    talk = Talk()
    talk.say("my foot is numb")
    for level in ("unclear", "see_doctor"):
        assert talk.say("as if made of wool", reader=level) == ["utter_hold_noted"]
    assert "as if made of wool" in talk.slot("report_note")


SCREENED_FIRST = sorted(policy()._screened_first)


@pytest.mark.skipif(not SCREENED_FIRST, reason="no answer asks for the screening question")
def test_a_topic_that_may_hide_a_sign_is_asked_about_once() -> None:
    intent = SCREENED_FIRST[0]
    talk = Talk()
    assert talk.say("is it my piriformis", intent) == ["utter_ask_screening"]
    assert talk.press("No")[0] == "utter_screening_answer"
    assert talk.tracker.latest_message.intent["name"] == intent
    assert talk.say("is it my piriformis", intent) == []


@pytest.mark.skipif(not SCREENED_FIRST, reason="no answer asks for the screening question")
@pytest.mark.parametrize("slot", ["screened", "nerve_signs"])
def test_who_answered_already_is_not_asked_again(slot: str) -> None:
    talk = Talk(SlotSet(slot, slot == "screened"))
    assert talk.say("is it my piriformis", SCREENED_FIRST[0]) == []


@pytest.mark.skipif(not SCREENED_FIRST, reason="no answer asks for the screening question")
def test_who_denies_the_signs_is_not_asked() -> None:
    assert Talk().say("no numbness and no tingling", SCREENED_FIRST[0]) == []
