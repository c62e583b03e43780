"""The vocabulary extractor, with the library's own words."""

import pytest

from components.nlu.vocabulary_extractor import LIBRARY, VOCABULARY, VocabularyExtractor, read_phrases


@pytest.fixture(scope="module")
def extractor() -> VocabularyExtractor:
    return VocabularyExtractor(VocabularyExtractor.get_default_config(), read_phrases(LIBRARY, VOCABULARY))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("show me exercises for my knee", [("body_area", "knee")]),
        ("and for my LOWER back?", [("body_area", "low back")]),
        ("the back of my thighs", [("body_area", "thigh")]),
        ("something without equipment", [("equipment", "none")]),
        ("a resistence band", [("equipment", "resistance band")]),
        ("i can only do it lying down", [("position", "lying")]),
        ("got just 5 min", [("duration", 5)]),
        ("half an hour", [("duration", 30)]),
        ("two hours", [("duration", 120)]),
        ("how do i do the second one?", [("ordinal", 2)]),
        ("number 3 please", [("ordinal", 3)]),
        ("the last one", [("ordinal", -1)]),
        ("2", [("ordinal", 2)]),
        ("seated hamstring stretch", [("exercise", "seated-hamstring-stretch")]),
        ("how does the runers lunge go", [("exercise", "runners-lunge")]),
        ("go back to the start", []),
        ("hold it for 30 seconds", []),
        ("", []),
        ("🙂🙂", []),
    ],
)
def test_finds(extractor: VocabularyExtractor, text: str, expected: list[tuple[str, object]]) -> None:
    assert [(entity["entity"], entity["value"]) for entity in extractor.extract(text)] == expected


def test_positions_are_those_of_the_text(extractor: VocabularyExtractor) -> None:
    text = "please, exercises for my knee"
    entity = extractor.extract(text)[0]
    assert text[entity["start"] : entity["end"]].endswith("knee")


def test_every_exercise_is_found_by_its_name(extractor: VocabularyExtractor) -> None:
    meanings = [meaning for meaning in read_phrases(LIBRARY, VOCABULARY).values() if meaning]
    slugs = {value for entity, value in meanings if entity == "exercise"}
    assert slugs
    for slug in slugs:
        found = extractor.extract(f"how do I do the {slug.replace('-', ' ')}?")
        assert ("exercise", slug) in [(entity["entity"], entity["value"]) for entity in found]
