"""The learned reader: what it learns from, and what the detector makes of it."""

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu.red_flag_detector import RedFlagDetector
from components.nlu.sentence_encoder import SentenceEncoder
from components.nlu.sign_reader import READING, SignReader, level_and_evidence
from safety.reader import MOST, LearnedReader, Passage, passages, split

HARMLESS = [
    "I sit all day and my hamstrings are tight",
    "What helps before a run?",
    "My desk is too low",
    "thanks a lot",
]
DESCRIBED = [
    "my leg is not taking orders",
    "the left one sinks when I tread",
    "my heel sits in porridge",
    "like a wet wick",
]


def test_message_is_split_into_sentences_and_long_ones_cut():
    assert split("Tight legs. Why?\nI run") == ["Tight legs.", "Why?", "I run"]
    long = split(" ".join(map(str, range(70))))
    assert [piece.split()[0] for piece in long] == ["0", "20", "40"]
    assert len(split(". ".join(map(str, range(500))))) == MOST


def test_evidence_tells_the_sentence_with_the_sign():
    text = "I sit all day. My foot claps on the floor. Any stretch?"
    learned = {passage.text: passage.sign for passage in passages(text, "see_doctor", "foot claps on the floor")}
    assert learned == {
        "I sit all day.": False,
        "My foot claps on the floor.": True,
        "Any stretch?": False,
        "foot claps on the floor": True,
    }


def test_without_evidence_only_a_single_sentence_is_learned_from():
    assert list(passages("My foot claps. Why?", "see_doctor")) == []
    assert list(passages("My foot claps", "unclear")) == [Passage("My foot claps", True, 0.5)]
    assert all(not passage.sign for passage in passages("Tight legs. Why?", "none"))


@pytest.mark.parametrize(
    ("data", "level"),
    [
        ({"intent": "report_emergency_self_harm"}, "emergency"),
        ({"intent": "greet"}, "none"),
        ({"intent": "greet", "metadata": {"example": {"level": "unclear"}}}, "unclear"),
    ],
)
def test_level_of_an_example(data, level):
    assert level_and_evidence(Message({"text": "x", **data}))[0] == level


def test_what_was_learned_is_stored(tmp_path):
    rng = np.random.default_rng(0)
    learned = [*(Passage(text, False, 1.0) for text in HARMLESS), *(Passage(text, True, 1.0) for text in DESCRIBED)]
    vectors = rng.normal(size=(len(learned), 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    reader = LearnedReader.train(learned, vectors)
    reader.save(tmp_path)
    texts = [passage.text for passage in learned]
    before = reader.reading(texts, vectors)
    assert before == pytest.approx(LearnedReader.load(tmp_path).reading(texts, vectors))
    assert {text for _, text in before[:4]} == set(DESCRIBED)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """A function that reads a text by a small reader of its own, and gives it to the detector."""
    folder = tmp_path_factory.mktemp("reader")
    encoder = SentenceEncoder.build(folder / "encoder.onnx")
    examples = [Message({"text": text, "intent": "greet"}) for text in HARMLESS]
    examples += [Message({"text": text, "intent": "report_red_flag"}) for text in DESCRIBED]
    data = encoder.process_training_data(TrainingData(examples))
    storage = LocalModelStorage(folder)
    resource = SignReader.create({}, storage, Resource("reader"), None).train(data)
    reader = SignReader.load({}, storage, resource, None)

    def parse(text, **thresholds):
        detector = RedFlagDetector({**RedFlagDetector.get_default_config(), **thresholds})
        message = Message({"text": text})
        return detector.process(reader.process(encoder.process([message])))[0]

    return parse


def test_unsure_it_asks_and_very_sure_it_advises(read):
    text = "My desk is too low. The left one sinks when I tread."
    unsure, sure = read(text, ask=0.2, sure=1.1), read(text, ask=0.2, sure=0.3)
    assert [message.get("red_flag")["level"] for message in (unsure, sure)] == ["unclear", "see_doctor"]
    assert sure.get("intent")["name"] == "report_red_flag"
    (finding,) = sure.get("red_flag")["findings"]
    assert (finding["sign"], finding["words"]) == ("reader", "The left one sinks when I tread.")
    assert sure.get("red_flag")["trigger"] == "reader"
    assert sure.get("red_flag")["certainty"] == pytest.approx(sure.get(READING)[0][0], abs=0.001)


def test_harmless_message_stays_so(read):
    assert read("My desk is too low").get("red_flag")["level"] == "none"


@pytest.mark.parametrize(
    "text", ["no numbness", "What does tingling mean?", "My doctor has cleared me about the tingling."]
)
def test_it_is_not_asked_about_what_the_rules_understood(read, text):
    assert read(text, ask=0.0, sure=0.0).get("red_flag")["level"] == "none"


def test_rules_go_first(read):
    found = read("I wet myself and my foot is numb", ask=0.0, sure=0.0).get("red_flag")
    assert (found["level"], found["trigger"]) == ("emergency", "rules")
