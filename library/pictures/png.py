"""Pictures as PNG, for apps that show no SVG."""

import functools

import resvg_py

from library.pictures.drawing import picture_svg

WIDTH = 1000


@functools.lru_cache(maxsize=128)
def picture_png(slug: str, width: int = WIDTH) -> bytes:
    """Returns the picture of an exercise as PNG, `width` pixels wide, for light surroundings.

    Raises:
        ContentError: There is no such exercise, or it has no poses.
    """
    return bytes(
        resvg_py.svg_to_bytes(
            picture_svg(slug, dark=False, moving=False), width=width, background="#ffffff", skip_system_fonts=True
        )
    )
