"""The picture of an exercise: a panel for each key pose, as SVG."""

import functools
from html import escape

from library.content import ContentError, read_content
from library.pictures.panel import Box, Panel, box_around
from library.pictures.poses import read_sequence
from library.pictures.style import style

GAP = 8.0
PIXELS = 2.0  # a centimetre of the body in the picture's own size


@functools.lru_cache(maxsize=512)
def picture_svg(slug: str, step: int | None = None, dark: bool | None = None, moving: bool = True) -> str:
    """Draws an exercise.

    Args:
        slug: The exercise.
        step: Only the pose that belongs to this step, counted from 1.
        dark: For dark or for light surroundings; None follows the reader's setting.
        moving: With movement, for readers who don't object to it. It ends within five seconds; the address
            with `#loop` lets it go on.

    Returns:
        The SVG.

    Raises:
        ContentError: There is no such exercise, or it has no poses.
    """
    name, _ = _exercise(slug)
    poses = read_sequence(slug).poses
    box = box_around(poses)
    shown = [number for number, pose in enumerate(poses) if step is None or step in pose.steps]
    if step is not None and not shown:
        shown = [max((n for n, pose in enumerate(poses) if pose.steps[0] <= step), default=0)]
    columns = _columns(box, len(shown))
    rows = -(-len(shown) // columns)
    width = columns * box.width + (columns - 1) * GAP
    height = rows * box.height + (rows - 1) * GAP
    panel = Panel(box, [n for n in shown if n and poses[n].arrows] if moving else [])
    panels = []
    for place, number in enumerate(shown):
        row = min(columns, len(shown) - place // columns * columns)
        x = (width - row * box.width - (row - 1) * GAP) / 2 + place % columns * (box.width + GAP) - box.left
        y = place // columns * (box.height + GAP) + box.top
        drawn = panel.draw(poses[number], poses[number - 1] if number else None, number)
        panels.append(f'<g transform="translate({x:.1f} {y:.1f})">{drawn}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="loop" role="img" aria-labelledby="title desc" '
        f'width="{width * PIXELS:.0f}" height="{height * PIXELS:.0f}" viewBox="0 0 {width:.1f} {height:.1f}">'
        f'<title id="title">{escape(name)}</title><desc id="desc">{escape(picture_text(slug, step))}</desc>'
        f"<style>{style(dark)}{panel.movement.style()}</style>"
        f"<defs>{panel.clip()}{panel.shapes()}</defs>{''.join(panels)}</svg>"
    )


def picture_text(slug: str, step: int | None = None) -> str:
    """Returns what a picture shows, in words: the exercise's own steps, each with the number of its panel."""
    _, steps = _exercise(slug)
    if step is not None:
        return steps[min(step, len(steps)) - 1]
    poses = read_sequence(slug).poses
    parts = [" ".join(steps[number - 1] for number in pose.steps) for pose in poses]
    return f"Drawn in {len(parts)} picture{'s' if len(parts) > 1 else ''}. " + " ".join(
        f"{number}. {text}" for number, text in enumerate(parts, 1)
    )


@functools.cache
def _exercises() -> dict[str, tuple[str, list[str]]]:
    return {exercise["slug"]: (exercise["name"], exercise["steps"]) for exercise in read_content()}


def _exercise(slug: str) -> tuple[str, list[str]]:
    try:
        return _exercises()[slug]
    except KeyError:
        raise ContentError(f"{slug} is no exercise.") from None


def _columns(box: Box, panels: int) -> int:
    """Wide panels stand one below the other, others side by side, and never so many that they get small."""
    if panels == 1 or box.width > 1.25 * box.height:
        return 1
    return 3 if panels > 2 and panels != 4 and box.width < 0.72 * box.height else 2
