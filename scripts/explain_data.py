"""Says what an entry of data/answers, data/follow_ups or data/questions became: `make explain-data NAME=ask_knee_pain`.

It asks the importers that config.yml names, so it shows what `rasa train` gets.
"""

import sys
from collections.abc import Iterator

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.training_data.story_writer.yaml_story_writer import YAMLStoryWriter
from rasa.shared.core.training_data.structures import StoryStep
from rasa.shared.importers.importer import TrainingDataImporter

from library.questions import Question, questions
from settings import ROOT

PREFIXES = ("", "ask_", "follow_up_")  # `ask_knee_pain` is found as `knee_pain` too


def explain(name: str) -> str:
    """Returns what the entry became, as text.

    Args:
        name: An intent, with or without `ask_` or `follow_up_`, or a question of data/questions.

    Raises:
        KeyError: Nothing is called so.
    """
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )
    domain = importer.get_domain()
    if question := questions().get(name):
        return "\n".join(_question(question, domain))
    intent = next((prefix + name for prefix in PREFIXES if prefix + name in domain.intents), None)
    if intent is None:
        raise KeyError(name)
    steps = [step for step in importer.get_stories().story_steps if _begins_with(step, intent)]
    intents = [message.get("intent") for message in importer.get_nlu_data().intent_examples]
    rules = YAMLStoryWriter().dumps(steps) if steps else "no rule begins with it\n"
    actions = (event.action_name for step in steps for event in step.events if isinstance(event, ActionExecuted))
    said = _responses(domain, [name for name in dict.fromkeys(actions) if name])
    return "\n".join([f"intent {intent}, {intents.count(intent)} examples", "", rules, *said])


def _begins_with(step: StoryStep, intent: str) -> bool:
    first = next((event for event in step.events if isinstance(event, UserUttered)), None)
    return first is not None and first.intent_name == intent


def _question(question: Question, domain: Domain) -> Iterator[str]:
    yield f"question {question.name} ({question.kind})"
    yield "answers: " + ", ".join(f"{button['title']} = {button['value']}" for button in question.buttons)
    yield ""
    ways = [f"{question.ask}{end}" for end in ("", "_again", "_way_out")]
    yield from _responses(domain, [*ways, question.explanation])


def _responses(domain: Domain, names: list[str]) -> Iterator[str]:
    for name in names:
        for variation in domain.responses.get(name, []):
            when = [f"{one['name']} is {one['value']}" for one in variation.get("condition", [])]
            stage = variation.get("metadata", {}).get("stage")
            told = [] if stage is None else [f"telling {stage + 1}"]
            yield f"{name}: {', '.join([*when, *told]) or 'always'}"
            yield from (f"    {line}" for line in variation.get("text", "").splitlines())
            if buttons := variation.get("buttons"):
                yield "    " + " ".join(f"[{button['title']}]" for button in buttons)


def main() -> int:
    """Prints the explanation; returns 1 if nothing has that name."""
    try:
        print(explain(sys.argv[1]))
    except (IndexError, KeyError):
        print("Give NAME: an intent (ask_knee_pain) or a question (sitting_hours).", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
