"""Cross-validation of the NLU half, each fold trained by `rasa train nlu` itself."""

import dataclasses
import random
from pathlib import Path

import yaml
from rasa.shared.nlu.training_data.loading import load_data

from benchmarks import understanding
from benchmarks.sides import Side
from settings import ROOT


def cross_validate(side: Side, folder: Path, folds: int) -> float:
    """Trains `folds` times on all but one part of data/nlu.

    Args:
        side: Whose pipeline to train.
        folder: Where models and parts go.
        folds: How many parts, each with its share of every intent.

    Returns:
        The share of held-out examples with the right intent (out_of_scope and fallback count as one).
    """
    examples: dict[str, list[str]] = {}
    for example in load_data(str(ROOT / "data" / "nlu")).intent_examples:
        examples.setdefault(example.get("intent"), []).append(example.get("text"))
    for texts in examples.values():
        random.Random(0).shuffle(texts)
    right = total = 0
    for fold in range(folds):
        path = folder / f"fold-{fold}.yml"
        path.write_text(
            yaml.safe_dump(
                {
                    "version": "3.1",
                    "nlu": [
                        {
                            "intent": intent,
                            "examples": "".join(f"- {text}\n" for i, text in enumerate(texts) if i % folds != fold),
                        }
                        for intent, texts in examples.items()
                    ],
                },
                allow_unicode=True,
            )
        )
        held_out = [(text, intent) for intent, texts in examples.items() for text in texts[fold::folds]]
        model, _ = dataclasses.replace(side, name=f"{side.name}-{fold}").train(folder, path)
        result = understanding.measure(model, held_out)
        right += len(held_out) - len(result.mistakes)
        total += len(held_out)
    return right / total
