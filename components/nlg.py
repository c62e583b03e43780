"""What is said: Rasa's templates, told a second time in other words.

`nlg:` in endpoints.yml names this class, Rasa's extension point for replies.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

STAGE = "stage"


class Replies(TemplatedNaturalLanguageGenerator):
    """Chooses the telling of a response that comes next.

    The variations of an answer carry `metadata: {stage: n}`: the first time stage 0 is said, then 1, then 2, then
    again from 0, so that nobody hears the same twice in a row.
    """

    def __init__(self, endpoint_config: Any = None, domain: Domain | None = None) -> None:
        """Takes the responses of the domain; `endpoint_config` has no options."""
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Returns the reply, its gaps filled from the slots; None where the domain has no such response."""
        slots = tracker.current_slot_values()
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not fitting:
            return None
        if {(variation.get("metadata") or {}).get(STAGE) for variation in fitting} == {0}:
            # A variant for some people that is only their first telling; the later ones are everybody's.
            everybodys = [variation for variation in self.responses[utter_action] if "condition" not in variation]
            fitting += [variation for variation in everybodys if _stage(variation) > 0]
        told = sum(1 for name in said(tracker) if name == utter_action)
        return self._fill_response(_copy(at_stage(fitting, told)), slots, **kwargs)


def at_stage(variations: list[dict[str, Any]], told: int) -> dict[str, Any]:
    """Returns the variation for somebody who has heard `told` of them."""
    stages = sorted({_stage(variation) for variation in variations})
    wanted = stages[told % len(stages)]
    return np.random.choice([variation for variation in variations if _stage(variation) == wanted])  # type: ignore[arg-type]


def said(tracker: DialogueStateTracker) -> Iterator[str]:
    """Yields the names of the responses said so far, as far back as the tracker goes."""
    for event in tracker.events:
        if isinstance(event, BotUttered) and (name := event.metadata.get("utter_action")):
            yield name


def _stage(variation: dict[str, Any]) -> int:
    return (variation.get("metadata") or {}).get(STAGE, 0)


def _copy(variation: dict[str, Any]) -> dict[str, Any]:
    copied = {key: value for key, value in variation.items() if key != "metadata"}
    if "buttons" in copied:
        copied["buttons"] = [dict(button) for button in copied["buttons"]]
    return copied
