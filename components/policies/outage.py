"""A sentence for the user when a custom action gave none."""

from typing import Any

import rasa.core.actions.action
from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

from components.policies.hard_coded import HardCodedPolicy

APOLOGY = "utter_action_failed"

# Seconds before a hanging action server counts as down. Rasa's own five minutes can't be configured,
# and the next message of the same person would wait for all of it.
rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT = 4

# Rasa checks every answer of an action against one schema, and each time the schema itself as well, which
# took half of the time of such a message. Here the schema is taken as it is.
ANSWER = Draft202012Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    ANSWER.validate(result)
    return True


RemoteAction._validate_action_result = _validate_action_result


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class OutagePolicy(HardCodedPolicy):
    """Says `utter_action_failed` after an action that failed.

    When the action server is down, hangs or answers with an error, Rasa logs it, drops the action's events
    and says nothing. Each of our actions says or sets something, so one that left no event has failed.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults: below the safety policy, above Rasa's."""
        return {"priority": 50}

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> tuple[str | None, list[Event]]:
        """Returns the apology after a failed action, then a pause for the user's reply."""
        last = tracker.events[-1] if tracker.events else None
        if tracker.latest_action_name == APOLOGY:
            return ACTION_LISTEN_NAME, []
        if isinstance(last, ActionExecuted) and last.action_name in _asks_the_action_server(domain):
            return APOLOGY, []
        return None, []


def _asks_the_action_server(domain: Domain) -> set[str]:
    custom = {name for name in domain.user_actions if not name.startswith("utter_")}
    return custom | set(domain.form_names)
