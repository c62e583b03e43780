"""Every entry of data/red_flags/ finds its own examples and leaves the others alone."""

import pytest
import yaml

from safety import RedFlags
from safety.lexicon import FOLDER, Lexicon, LexiconError

RED_FLAGS = RedFlags.load()
SIGNS = RED_FLAGS.lexicon.signs
FIGURES = RED_FLAGS.lexicon.groups["figures"]


def found(message: str) -> set[str]:
    return {finding.rule for finding in RED_FLAGS.assess(message).findings}


@pytest.mark.parametrize("rule", SIGNS, ids=lambda rule: rule.id)
def test_every_sign_has_examples_and_a_source(rule):
    assert rule.matches and rule.source


@pytest.mark.parametrize(("rule", "message"), [(r.id, m) for r in SIGNS for m in r.matches])
def test_sign_is_found(rule, message):
    assert rule in found(message)


@pytest.mark.parametrize(("rule", "message"), [(r.id, m) for r in SIGNS for m in r.misses])
def test_sign_is_not_found(rule, message):
    assert rule not in found(message)


@pytest.mark.parametrize("message", [m for r in FIGURES for m in r.matches])
def test_figure_of_speech_is_no_report(message):
    assert RED_FLAGS.assess(message).level == "none"


@pytest.fixture
def folder(tmp_path):
    """A copy of the lexicon that a test can spoil."""
    for path in FOLDER.glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"id": "x", "level": "urgent", "source": "NHS", "patterns": ["numb"]}, "level 'urgent' is not one of"),
        ({"id": "x", "level": "see_doctor", "patterns": ["numb"]}, "a sign needs a source"),
        ({"id": "x", "level": "see_doctor", "source": "NHS"}, "it needs 'patterns' or 'all_of'"),
        ({"id": "numbness", "patterns": ["numb"]}, "every entry needs an id of its own"),
        ({"id": "x", "patterns": ["<elbow>"]}, "which concepts.yml does not have"),
        ({"id": "x", "patterns": [".. numb"]}, "starts or ends with a gap"),
        ({"id": "x", "patterns": ["num?b"]}, "is no word, stem*, <concept> or (optional)"),
        ({"id": "x", "pattern": ["numb"]}, "unknown key pattern"),
    ],
)
def test_mistake_in_an_entry_is_explained(folder, entry, reason):
    (folder / "zz_new.yml").write_text(yaml.safe_dump({"entries": [entry]}), encoding="utf-8")
    with pytest.raises(LexiconError) as error:
        Lexicon.load(folder)
    assert reason in str(error.value)
    assert "zz_new.yml" in str(error.value)


def test_broken_yaml_is_explained(folder):
    (folder / "figures.yml").write_text("entries: [", encoding="utf-8")
    with pytest.raises(LexiconError, match="figures.yml is no valid YAML"):
        Lexicon.load(folder)


def test_new_entry_needs_no_code(folder):
    entry = {"id": "custard", "level": "see_doctor", "source": "test", "patterns": ["<leg> ... custard"]}
    (folder / "zz_new.yml").write_text(yaml.safe_dump({"entries": [entry]}), encoding="utf-8")
    assert RedFlags.load(folder).assess("My left leg is pure custard").level == "see_doctor"
