"""Draws exercises for the eye: `python -m scripts.draw_exercises` writes the contact sheet docs/images/exercises.png.

With slugs it checks their poses and writes each one's pictures, light and dark, to the folder of `--to`.
"""

import argparse
import sys
from pathlib import Path

import resvg_py

from library.content import ContentError, read_content
from library.pictures.checks import problems
from library.pictures.drawing import picture_svg
from library.pictures.poses import read_sequence
from library.pictures.sheet import SHEET, sheet_png


def main() -> int:
    """Draws what was asked for; returns 1 if a pose is impossible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slugs", nargs="*")
    parser.add_argument("--to", type=Path, default=SHEET.parent)
    parser.add_argument("--step", type=int)
    arguments = parser.parse_args()
    failed = False
    for slug in arguments.slugs or [exercise["slug"] for exercise in read_content()]:
        try:
            for problem in problems(read_sequence(slug)):
                print(f"{slug}, {problem}", file=sys.stderr)
                failed = True
        except ContentError as error:
            print(error, file=sys.stderr)
            failed = True
            continue
        for dark in (False, True) if arguments.slugs else ():
            svg = picture_svg(slug, arguments.step, dark, moving=False)
            path = arguments.to / f"{slug}{'-dark' if dark else ''}.png"
            path.write_bytes(bytes(resvg_py.svg_to_bytes(svg, width=900)))
    if not arguments.slugs:
        SHEET.write_bytes(sheet_png())
        print(f"Drew {SHEET.name}.")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
