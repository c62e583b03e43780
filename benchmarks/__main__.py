"""`make bench`: this assistant beside Rasa's default pipeline, on the same data, in one run."""

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks import conversations, understanding
from benchmarks.cross_validation import cross_validate
from benchmarks.sides import DEFAULT, OURS, Side

Row = tuple[str, float, str]


def measure(side: Side, folder: Path) -> list[Row]:
    """Trains, parses, serves and talks to one side; returns rows of (what, number, format)."""
    model, seconds = side.train(folder)
    rows: list[Row] = [
        ("training, s", seconds, ".0f"),
        ("model size, MB", model.stat().st_size / 1e6, ".1f"),
    ]
    pairs = understanding.read_unseen()
    unseen = understanding.measure(model, pairs)
    rows += [
        ("unseen file: right intent, %", 100 * unseen.accuracy, ".1f"),
        ("unseen file: macro F1, %", 100 * sum(unseen.f1.values()) / len(unseen.f1), ".1f"),
        ("unseen file: out of scope kept out, %", 100 * unseen.kept_out / unseen.out_of_scope, ".1f"),
        ("unseen file: in-domain messages lost, %", 100 * unseen.lost / unseen.total, ".1f"),
    ]
    assistant = side.serve(model, folder)
    start = time.perf_counter()
    with assistant:
        rows.append(("start, s", time.perf_counter() - start, ".1f"))
        alone = conversations.one_at_a_time(assistant)
        rows += [("reply p50, ms", alone.p50, ".1f"), ("reply p95, ms", alone.p95, ".1f")]
        early, late = conversations.growth(assistant)
        rows += [
            ("reply at message 5 to 24, ms", early, ".1f"),
            ("reply at message 300 to 319, ms", late, ".1f"),
            ("ratio of the two", late / early, ".2f"),
        ]
        many = conversations.crowd(assistant)
        rows += [
            ("50 at once: messages a second", many.per_second, ".1f"),
            ("50 at once: replies lost", many.lost, ".0f"),
            ("50 at once: replies wrong or out of order", many.wrong, ".0f"),
            ("memory with action server, MB", conversations.memory(assistant), ".0f"),
        ]
    return rows


def main() -> None:
    """Prints the table, and our F1 for each intent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours-only", action="store_true", help="leave out Rasa's default pipeline")
    parser.add_argument(
        "--cross-validation",
        type=int,
        default=0,
        metavar="FOLDS",
        help="also cross-validate; Rasa's default pipeline needs about 25 minutes a fold",
    )
    options = parser.parse_args()
    sides = [OURS] if options.ours_only else [OURS, DEFAULT]
    with tempfile.TemporaryDirectory() as folder:
        columns = [measure(side, Path(folder)) for side in sides]
        if options.cross_validation:
            for side, rows in zip(sides, columns, strict=True):
                right = cross_validate(side, Path(folder), options.cross_validation)
                rows.append(("cross-validation: right intent, %", 100 * right, ".1f"))
        print(f"\n| | {' | '.join(side.name for side in sides)} | ours / default |")
        print("|---|" + "---:|" * (len(sides) + 1))
        for cells in zip(*columns, strict=True):
            numbers = " | ".join(format(number, style) for _, number, style in cells)
            ratio = f"{cells[0][1] / cells[1][1]:.2f}" if len(cells) == 2 and cells[1][1] else ""
            print(f"| {cells[0][0]} | {numbers} | {ratio} |")
        ours = understanding.measure(Path(folder) / "ours.tar.gz", understanding.read_unseen())
        print("\nF1 by intent on the unseen file (ours):")
        for intent, f1 in sorted(ours.f1.items(), key=lambda item: item[1]):
            print(f"  {100 * f1:5.1f} %  {intent}")


if __name__ == "__main__":
    main()
