"""What the detector makes of spelling, denials, questions, and whose sign it is."""

import pytest

from safety import RedFlags

assess = RedFlags.load().assess


@pytest.mark.parametrize(
    "message",
    [
        "I can\u2019t feel my foot",
        "I cant feel my foot",
        "i can t feel my foot",
        "I CAN`T FEEL MY FOOT",
        "my leg is nuuuumb",
        "my foot is tinglinggggg",
        "pinsandneedles in my toes",
        "pins-and-needles in my toes",
        "pins\nand needles in my toes",
        "tin gling in my calf",
        "n u m b toes",
        "n.u.m.b toes",
        "mylegisnumb",
        "my f00t is t1ngl1ng",
        "my foot is nu\u200bmb",
        "my foot is \uff4e\uff55\uff4d\uff42",
        "my foot is t\u0456ngling",
        "nmub toes",
        "tingeling in leg",
        "my leg is on \U0001f525",
        "\u26a1 down my leg",
        "numb \U0001f629",
    ],
)
def test_spelling_hides_no_sign(message):
    assert assess(message).level == "see_doctor"


@pytest.mark.parametrize(
    "message", ["what number comes next", "my thumb is fine", "don't be dumb", "a single set", "jingle bells", ""]
)
def test_similar_words_are_no_sign(message):
    assert assess(message).level == "none"


@pytest.mark.parametrize(
    "message",
    [
        "no numbness, tingling or weakness",
        "I don't have any pins and needles or burning",
        "my foot isn't numb",
        "never had any tingling",
        "Tingling? No.",
        "numbness: none",
        "I haven't lost control of my bladder",
        "the tingling has completely gone",
    ],
)
def test_denied_sign_is_no_report(message):
    found = assess(message)
    assert (found.level, found.dismissed) == ("none", True)


@pytest.mark.parametrize(
    "message",
    [
        "it doesn't stop tingling",
        "the numbness won't go away",
        "not only does it hurt, it tingles",
        "I don't know why my foot is numb",
        "never had tingling before this week",
        "no pain except a burning in my calf",
        "it isn't pain any more, now it's numb",
        "can't say it doesn't tingle",
        "no numbness but my foot tingles",
        "no pain, my foot is just numb",
        "no, my leg tingles",
    ],
)
def test_negator_takes_back_only_what_it_governs(message):
    assert assess(message).level == "see_doctor"


@pytest.mark.parametrize("message", ["I can't feel the stretch", "I can't feel my hamstrings working"])
def test_stretch_that_is_not_felt_is_no_sign(message):
    assert assess(message).level == "none"


@pytest.mark.parametrize(
    ("message", "level"),
    [
        ("can tight hamstrings cause tingling?", "none"),
        ("what does numbness mean?", "none"),
        ("I read that tingling is a nerve sign", "none"),
        ("is it normal that my calf tingles?", "see_doctor"),
        ("what if my calf tingles every night?", "see_doctor"),
        ("am I meant to feel pins and needles?", "see_doctor"),
    ],
)
def test_question_with_an_owner_is_a_report(message, level):
    assert assess(message).level == level


def test_last_of_three_hundred_words_counts():
    assert assess("my hamstring is tight and I sit a lot " * 33 + "and my toes are numb").level == "see_doctor"


def test_most_urgent_sentence_wins():
    found = assess("My foot tingles. Also I have wet myself twice. My calf is tight.")
    assert [finding.level for finding in found.findings][0] == "emergency"
    assert found.level == "emergency"


def test_finding_says_what_where_whose_and_the_words():
    (finding,) = assess("My husband's left foot is Nuuumb.").findings
    assert (finding.sign, finding.body_part, finding.whose, finding.words) == ("numbness", "foot", "other", "Nuuumb")


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ("my toes go numb when I cycle", "activity"),
        ("my fingers are numb", "upper_limb"),
        ("my toes are numb", None),
    ],
)
def test_context_picks_the_wording(message, context):
    assert assess(message).findings[0].context == context


@pytest.mark.parametrize(
    ("message", "level", "language"),
    [
        ("siento hormigueo en la pierna", "see_doctor", "es"),
        ("no puedo orinar desde ayer", "emergency", "es"),
        ("mein Fu\u00df ist taub", "see_doctor", "de"),
        ("beide Beine sind taub", "emergency", "de"),
        ("ma jambe est engourdie", "see_doctor", "fr"),
        ("je ne peux plus uriner", "emergency", "fr"),
        ("hola, me duele la pierna", "none", "es"),
        ("ich habe Schmerzen im Knie", "none", "de"),
        ("bonjour, j'ai mal au dos", "none", "fr"),
        ("my hamstring is tight", "none", "en"),
    ],
)
def test_other_languages(message, level, language):
    found = assess(message)
    assert (found.level, found.language) == (level, language)


@pytest.mark.parametrize("message", ["my doctor has cleared me", "the physio said I can stretch again"])
def test_clearance(message):
    found = assess(message)
    assert (found.level, found.clearance) == ("none", True)


@pytest.mark.parametrize("message", ["I have not been cleared yet", "has my doctor cleared me?", "hello"])
def test_no_clearance(message):
    assert not assess(message).clearance


@pytest.mark.parametrize("message", ["sorry, I meant no numbness", "I mistyped, there's no tingling"])
def test_correction(message):
    found = assess(message)
    assert (found.level, found.correction) == ("none", True)


def test_report_is_no_correction():
    found = assess("I mistyped, my foot is numb")
    assert (found.level, found.correction) == ("see_doctor", False)
