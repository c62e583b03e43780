"""The contact sheet: all pictures of the exercises in one image."""

import re

import resvg_py

from library.content import ContentError, read_content
from library.pictures.drawing import picture_svg
from settings import ROOT

SHEET = ROOT / "docs" / "images" / "exercises.png"
COLUMNS, CELL, GAP = 6, 250.0, 14.0


def sheet_svg(slugs: list[str]) -> str:
    """Returns the pictures of these exercises side by side, in equal cells."""
    cells = []
    for number, slug in enumerate(slugs):
        svg = picture_svg(slug, dark=False, moving=False)
        # Shapes and styles are named within one picture.
        svg = re.sub(r'(id="|#|url\(#)(s\d+|panel)\b', rf"\g<1>p{number}\2", svg)
        size = re.search(r'width="(\d+)" height="(\d+)"', svg)
        assert size
        width, height = (float(part) for part in size.groups())
        scale = min(CELL / width, CELL / height)
        x = GAP + number % COLUMNS * (CELL + GAP) + (CELL - width * scale) / 2
        y = GAP + number // COLUMNS * (CELL + GAP) + (CELL - height * scale) / 2
        place = f'x="{x:.1f}" y="{y:.1f}" width="{width * scale:.1f}" height="{height * scale:.1f}"'
        cells.append(svg.replace(size.group(), place, 1))
    rows = -(-len(slugs) // COLUMNS)
    width, height = (count * (CELL + GAP) + GAP for count in (COLUMNS, rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(cells)}</svg>'
    )


def sheet_png() -> bytes:
    """Returns the contact sheet of every exercise that has poses, in the order of the library."""
    drawn = []
    for exercise in read_content():
        try:
            picture_svg(exercise["slug"])
        except ContentError:
            continue
        drawn.append(exercise["slug"])
    return bytes(resvg_py.svg_to_bytes(sheet_svg(drawn), zoom=1))
