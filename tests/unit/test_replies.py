"""What short answers say: a no is a no only where the whole answer is a denial."""

import pytest

from library.replies import before_wish, is_accepted, read_control, read_number, read_yes_no

NEVER_A_NO = """
not sure · I'm not sure · not really sure · don't know · I don't know · can't tell · no idea · not much · not any
more · not right now · not at the moment · not since this morning · no more than usual · not as bad as yesterday ·
not all the time · not always · not every day · only at night · not constantly · no, only when I sit · no, just in
the mornings · no only in my toes · not in my leg, in my foot · not both, just the left · no but it comes and goes ·
no, well, a little · no... actually yes · not really, it just goes dead · no, it's more of a buzzing · not the foot,
only the calf · none apart from my toes · nothing except my heel · just weak · not unless I run · not until I run ·
not when I sit · not numb exactly · nah just when driving · a lot · extremely · used to · it did yesterday · hmm,
not that often · not badly · no, it's only slight · no, not unless I'm tired · not quite · not so much today · no,
in the evenings only · none, except the left one · no. well, sometimes · nope, apart from one toe · not in both ·
not anymore, but last week yes · no, less than before · hardly · barely · no, though it tingles a bit · no numbness
but it burns · not pain, more like electric · no, my toes are numb · only if I bend · rarely · not the left one ·
no, but after driving · no tingling no numbness, only thing is my ankle sort of flops when I'm tired · no. my ankle
flops when I'm tired · no but I wet myself yesterday · nothing serious · nope, my legs are like jelly though · no,
though I keep tripping · no, my foot slaps the ground · I wouldn't know · not exactly · no clue · it's hard to say
"""


@pytest.mark.parametrize("text", [" ".join(text.split()) for text in NEVER_A_NO.split("·")])
def test_limits_and_doubt_are_never_a_no(text: str) -> None:
    assert read_yes_no(text) in ("yes", "partly", "unsure")


@pytest.mark.parametrize("text", ["No", "NO!!!", "nope", "nah", "n", "none", "none of these", "not at all", "👎"])
@pytest.mark.parametrize(
    "more", ["", ", thank god", ", nothing like that", ". I'm just tight", ", how long does it take?"]
)
def test_a_no_with_emphasis_or_a_remark_is_a_no(text: str, more: str) -> None:
    assert read_yes_no(text + more) == "no"


@pytest.mark.parametrize(
    "text",
    [
        "absolutely not",
        "definitely not!",
        "I don't",
        "no I don't have any of those",
        "no numbness or tingling",
        "no tingling, no numbness, no burning",
        "I haven't pulled it",
        "I didn't tear anything",
        "not even a little",
        "hell no",
        "no weakness, numbness or pins and needles",
        "no pain no tingling just stiff",
        "no, it's just tight when I run",
        "nah none of those apply",
        "No, I sit for nine hours a day, run on weekends only, and they are just tight after that, every single time",
    ],
)
def test_whole_denials(text: str) -> None:
    assert read_yes_no(text) == "no"


@pytest.mark.parametrize("text", ["yes", "Yes!", "yesss", "yeah", "I do", "both", "all of them", "yes, why?", "👍🏽"])
def test_yes(text: str) -> None:
    assert read_yes_no(text) == "yes"


@pytest.mark.parametrize("text", ["I think so", "kind of", "sometimes", "maybe", "yes, a bit", "yes but only at night"])
def test_half_a_yes_is_partly(text: str) -> None:
    assert read_yes_no(text) == "partly"


@pytest.mark.parametrize(
    "text", ["not really", "I don't think so", "not that I know of", "no numbness", "no, my legs feel like ropes"]
)
def test_a_hesitant_no_is_one_once_the_signs_were_explained(text: str) -> None:
    assert read_yes_no(text) == "unsure"
    assert read_yes_no(text, explained=True) == "no"


@pytest.mark.parametrize(
    "text",
    [
        "just show me the exercises",
        "what do you mean?",
        "ok",
        "and now?",
        "hello",
        "never mind",
        "no worries",
        "I have a question",
        "some exercises please",
        "what causes tight hamstrings?",
        "I sit about nine hours a day at work, then I go running on weekends, and only then do my hamstrings hurt",
        "",
        "?",
    ],
)
def test_wishes_and_stories_are_no_answer(text: str) -> None:
    assert read_yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("he has", "yes"),
        ("yes, my physio cleared me", "yes"),
        ("yes she said I can stretch again", "yes"),
        ("not yet", "partly"),
        ("I think so", "partly"),
        ("yes, he said not to run", "partly"),
        ("yes but only light walking", "partly"),
        ("yes though it still tingles", "unsure"),
        ("yes, in two weeks", "unsure"),
        ("both", None),
        ("always stiff back there", None),
        ("I don't have a band", None),
        ("ok", None),
    ],
)
def test_only_a_plain_yes_is_one_where_it_lifts_a_hold(text: str, answer: str | None) -> None:
    assert read_yes_no(text, about_signs=False) == answer


@pytest.mark.parametrize(
    ("text", "control"),
    [
        ("what do you mean?", "why"),
        ("Why do you ask?", "why"),
        ("why", "why"),
        ("huh?", "why"),
        ("what counts as weakness?", "why"),
        ("skip", "skip"),
        ("I don't want to answer that", "skip"),
        ("I'd rather not say", "skip"),
        ("go back", "previous"),
        ("change my last answer please", "previous"),
        ("oops, wrong button", "previous"),
        ("why are hamstrings tight?", None),
        ("back", None),
        ("go back to running?", None),
    ],
)
def test_controls(text: str, control: str | None) -> None:
    assert read_control(text) == control


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", 2), ("2.", 2), ("#2", 2), ("number two", 2), ("option 3", 3), ("the second one", 2), ("the last one", -1)],
)
def test_numbers(text: str, number: int) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["9 hours", "two weeks ago", "22", "one leg", "second week", ""])
def test_other_figures_are_no_choice(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize("text", ["yes", "yes please", "ok", "sure, go ahead", "Yes, show me!", "👍", "please do"])
def test_offers_are_taken(text: str) -> None:
    assert is_accepted(text)


@pytest.mark.parametrize("text", ["no", "ok thanks", "and now?", "yes but only standing", "thank you", "", "maybe"])
def test_offers_are_not_taken(text: str) -> None:
    assert not is_accepted(text)


def test_an_answer_may_come_before_a_question() -> None:
    assert before_wish("7,5 hours, is that bad? And what helps?") == "7,5 hours,"
