"""Importer: adds what data/answers, data/follow_ups and data/questions make to Rasa's files.

Named under `importers:` in config.yml, Rasa's extension point for training data.
"""

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from library.answers import Answer, read_answers
from library.follow_ups import read_follow_ups
from library.questions import questions_domain

HOLD = [{"type": "slot", "name": "exercise_hold", "value": True}]
VERSION = "3.1"
FORM = "assessment_form"


class AnswersImporter(RasaFileImporter):
    """Reads Rasa's own files, data/answers, data/follow_ups and data/questions."""

    def get_domain(self) -> Domain:
        """Returns domain.yml with intents and responses of answers and questions, and the slot `topic`.

        Raises:
            AnswersError: An entry is wrong; the text says where and what to do.
        """
        answers = read_answers()
        topics = {answer.intent: answer.name for answer in answers.values() if answer.topic}
        made = {
            "version": VERSION,
            "intents": [*answers, *(follow_up.intent for follow_up in read_follow_ups().values())],
            "responses": {answer.response: responses(answer) for answer in answers.values()} | questions_domain(),
            "slots": {"topic": slot_of_topics(topics), "focus": slot_of_topics(dict.fromkeys(topics, "topic"))},
        }
        return super().get_domain().merge(Domain.from_dict(made))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Adds two rules an answer: on its own, and between two questions of the cause finder."""
        rules = [rule for answer in read_answers().values() for rule in answer_rules(answer)]
        for follow_up in read_follow_ups().values():
            rules += _rules(follow_up.intent, ["action_answer_follow_up"], between_questions=True)
        made = StoryGraph(YAMLStoryReader().read_from_parsed_yaml({"version": VERSION, "rules": rules}))
        return super().get_stories(exclusion_percentage).merge(made)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Adds the examples under `asked`."""
        asked = {answer.intent: answer.asked for answer in read_answers().values()}
        asked |= {follow_up.intent: follow_up.asked for follow_up in read_follow_ups().values()}
        made = [Message({TEXT: text, INTENT: intent}) for intent, texts in asked.items() for text in texts]
        return super().get_nlu_data(language or "en").merge(TrainingData(made))


def responses(answer: Answer) -> list[dict[str, Any]]:
    """Returns the variations of an answer's response; `stage` counts the tellings (see components/nlg.py)."""
    buttons = _copies(answer.buttons)
    variations: list[dict[str, Any]] = []
    if answer.on_hold:
        on_hold = _copies(answer.hold_buttons or answer.buttons)
        variations.append({"condition": HOLD, "text": answer.on_hold, "buttons": on_hold})
    for when, text in answer.variants:
        condition = [{"type": "slot", "name": name, "value": value} for name, value in when.items()]
        variations.append({"condition": condition, "text": text, "buttons": buttons, "metadata": {"stage": 0}})
    for stage, text in enumerate(answer.tellings):
        variations.append({"text": text, "buttons": buttons, "metadata": {"stage": stage}})
    return [{key: value for key, value in variation.items() if value} for variation in variations]


def slot_of_topics(values: dict[str, str]) -> dict[str, Any]:
    """Returns a slot that the intents of topics set; `values`: intent -> what the slot then holds.

    `topic` names the topic of the last answered question; `focus` says that it was told last, where actions set
    "exercise" and "list".
    """
    mappings = [{"type": "from_intent", "intent": intent, "value": value} for intent, value in values.items()]
    return {"type": "text", "influence_conversation": False, "mappings": mappings or [{"type": "custom"}]}


def answer_rules(answer: Answer) -> list[dict[str, Any]]:
    """Returns the rules of an answer."""
    actions = [answer.response, *(["action_find_exercises"] if answer.show_exercises else [])]
    return _rules(answer.intent, actions, answer.between_questions)


def _rules(intent: str, actions: list[str], between_questions: bool) -> list[dict[str, Any]]:
    steps = [{"intent": intent}, *({"action": action} for action in actions)]
    rules: list[dict[str, Any]] = [{"rule": intent, "steps": steps}]
    if between_questions:
        rules.append(
            {
                "rule": f"{intent} during the questions",
                "condition": [{"active_loop": FORM}],
                "steps": [*steps, {"action": FORM}, {"active_loop": FORM}],
            }
        )
    return rules


def _copies(buttons: tuple[dict[str, str], ...]) -> list[dict[str, str]]:
    return [dict(button) for button in buttons]
