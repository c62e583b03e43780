"""What hard-coded policies share: no training, and a prediction that no other policy can outvote."""

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker


class HardCodedPolicy(Policy):
    """Base of policies that decide in code; subclasses implement `decide`."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "HardCodedPolicy":
        """Creates the policy: there is nothing to load, so no training run can break it."""
        return cls(config, model_storage, resource, execution_context)

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Learns nothing."""
        return self._resource

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> tuple[str | None, list[Event]]:
        """Returns the next action, or None to leave it to the other policies, and events to apply."""
        raise NotImplementedError

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, **kwargs: Any
    ) -> PolicyPrediction:
        """Turns what `decide` says into a prediction."""
        action, events = self.decide(tracker, domain)
        probabilities = self._default_predictions(domain)
        if action is None:
            return self._prediction(probabilities, events=events)
        probabilities[domain.index_for_action(action)] = 1.0
        # "No user prediction" is Rasa's mark for what goes above all else: an active form has it too,
        # and between the two the higher priority wins.
        return self._prediction(probabilities, events=events, is_no_user_prediction=True)


def actions_since_user(tracker: DialogueStateTracker) -> list[str]:
    """Returns the names of the actions that ran since the user last spoke, the first one first."""
    names: list[str] = []
    for event in reversed(tracker.events):
        if event.type_name == "user":
            break
        if event.type_name == "action":
            names.insert(0, event.action_name)
    return names
