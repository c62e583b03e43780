"""How well a trained model understands messages that it never saw."""

import asyncio
import logging
import warnings
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import structlog
import yaml

from settings import ROOT

UNSEEN = ROOT / "tests" / "nlu" / "unseen.yml"
OUTSIDE = {"out_of_scope", "nlu_fallback"}
# A report that is escalated one level higher than its label is understood as far as a person is concerned,
# but it is counted as wrong here all the same.


@dataclass
class Understanding:
    """Counts over the unseen messages."""

    right: int = 0
    total: int = 0
    kept_out: int = 0
    out_of_scope: int = 0
    lost: int = 0
    f1: dict[str, float] = field(default_factory=dict)
    mistakes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        """Share of messages inside the domain with the right intent."""
        return self.right / max(self.total, 1)


def read_unseen(path: Path = UNSEEN) -> list[tuple[str, str]]:
    """Returns the (text, intent) pairs of the unseen file."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(text, intent) for intent, texts in data.items() for text in texts]


def measure(model: Path, pairs: list[tuple[str, str]]) -> Understanding:
    """Parses each text with the model and compares intents; out_of_scope and fallback count as one."""
    warnings.simplefilter("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    async def parse_all() -> list[str]:
        return [(await agent.parse_message(text))["intent"]["name"] for text, _ in pairs]

    return score(pairs, asyncio.run(parse_all()))


def score(pairs: list[tuple[str, str]], predicted: list[str]) -> Understanding:
    """Compares expected and predicted intents."""
    result = Understanding()
    hits: dict[str, int] = defaultdict(int)
    said: dict[str, int] = defaultdict(int)
    meant: dict[str, int] = defaultdict(int)
    for (text, intent), name in zip(pairs, predicted, strict=True):
        guess = "out_of_scope" if name in OUTSIDE else name
        meant[intent] += 1
        said[guess] += 1
        hits[intent] += guess == intent
        if guess != intent:
            result.mistakes.append((text, intent, guess))
        if intent == "out_of_scope":
            result.out_of_scope += 1
            result.kept_out += guess == intent
        else:
            result.total += 1
            result.right += guess == intent
            result.lost += guess == "out_of_scope"
    result.f1 = {intent: 2 * hits[intent] / (meant[intent] + said[intent]) for intent in meant}
    return result
