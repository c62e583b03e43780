"""The pictures of the exercises: one for each, possible for a body, readable for everyone, light and quick."""

import io
import re
import shutil
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import yaml
from PIL import Image

from library.content import ContentError, read_content
from library.pictures.checks import problems
from library.pictures.drawing import picture_svg, picture_text
from library.pictures.png import WIDTH, picture_png
from library.pictures.poses import POSES, read_sequence
from library.pictures.sheet import SHEET, sheet_png
from library.pictures.style import DARK, LIGHT

EXERCISES = {exercise["slug"]: exercise for exercise in read_content()}
SVG = "{http://www.w3.org/2000/svg}"
DRAWN_AS = {
    "resistance band": {"strap", "frame"},
    "ball": {"ball"},
    "foam roller": {"roller"},
    "leg-curl machine": {"lever"},
    "pool": {"water"},
    "dumbbells": {"weights"},
}


@pytest.mark.parametrize("slug", EXERCISES)
def test_a_body_can_do_it(slug: str) -> None:
    assert problems(read_sequence(slug)) == []


@pytest.mark.parametrize("slug", EXERCISES)
def test_each_step_belongs_to_a_picture(slug: str) -> None:
    steps = [step for pose in read_sequence(slug).poses for step in pose.steps]
    assert list(dict.fromkeys(steps)) == list(range(1, len(EXERCISES[slug]["steps"]) + 1))


@pytest.mark.parametrize("slug", EXERCISES)
def test_what_is_needed_is_drawn(slug: str) -> None:
    needed = EXERCISES[slug].get("equipment", [])
    drawn = {item["kind"] for pose in read_sequence(slug).poses for item in pose.equipment}
    assert not needed or any(drawn & DRAWN_AS.get(thing, {thing}) for thing in needed)


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_start_and_what_changes_are_shown(slug: str) -> None:
    poses = read_sequence(slug).poses
    assert len(poses) > 1
    assert any(pose.arrows for pose in poses)


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_picture_is_whole_and_harmless(slug: str) -> None:
    svg = picture_svg(slug)
    root = ElementTree.fromstring(svg)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "style", "defs", "clipPath", "rect", "g", "path", "use")
    }
    used = {element.get("href", "#")[1:] for element in root.iter(f"{SVG}use")}
    assert used <= set(ids)
    assert not re.search(r"url\((?!#panel\))|@import|https?://(?!www\.w3\.org/2000/svg)|on\w+=|script", svg)
    assert root.find(f"{SVG}title").text == EXERCISES[slug]["name"]  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text == picture_text(slug)  # type: ignore[union-attr]
    assert all(step in picture_text(slug) for step in EXERCISES[slug]["steps"])


@pytest.mark.parametrize("slug", EXERCISES)
def test_movement_is_only_for_those_who_like_it_and_ends(slug: str) -> None:
    style = ElementTree.fromstring(picture_svg(slug)).find(f"{SVG}style").text or ""  # type: ignore[union-attr]
    before, _, moving = style.partition("@media(prefers-reduced-motion:no-preference)")
    assert "animation" not in before and "keyframes" not in before
    ends = [
        float(delay) + float(seconds) * float(times)
        for seconds, delay, times in re.findall(r"\{animation:\S+ ([\d.]+)s linear ([\d.]+)s ([\d.]+)\}", moving)
    ]
    assert max(ends, default=0) <= 5  # WCAG 2.2.2
    poses = read_sequence(slug).poses
    assert bool(ends) == any(pose.arrows and pose.skeleton != old.skeleton for old, pose in pairwise(poses))
    assert "animation" not in picture_svg(slug, moving=False)


def test_a_step_has_a_picture_of_its_own() -> None:
    assert picture_svg("seated-hamstring-stretch", 1).count('class="paper"') == 1
    assert picture_svg("seated-hamstring-stretch").count('class="paper"') == 3
    assert picture_text("seated-hamstring-stretch", 2) == EXERCISES["seated-hamstring-stretch"]["steps"][1]


def test_unknown_exercises_have_no_picture() -> None:
    with pytest.raises(ContentError, match="the-splits is no exercise"):
        picture_svg("the-splits")


def test_light_and_dark_can_be_told_from_their_ground() -> None:
    """WCAG 1.4.11: what one must see to understand a picture has a contrast of 3 to 1."""
    for theme in (LIGHT, DARK):
        for colour in ("skin", "cloth", "shorts", "muscle", "way", "ink", "gear", "wall", "strap"):
            assert _contrast(theme[colour], theme["paper"]) >= 3, colour


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_png_for_apps_that_show_no_svg() -> None:
    png = picture_png("glute-bridge")
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.width) == ("PNG", WIDTH)
    assert len(png) < 200_000
    assert len(image.convert("RGB").getcolors(1_000_000)) > 8  # type: ignore[arg-type]
    assert picture_png("glute-bridge") is png


def test_the_contact_sheet_shows_the_pictures_as_they_are() -> None:
    old, new = (np.asarray(Image.open(io.BytesIO(png)).convert("L"), int) for png in (SHEET.read_bytes(), sheet_png()))
    hint = "Draw it anew: python -m scripts.draw_exercises"
    assert old.shape == new.shape, hint
    assert np.abs(old - new).mean() < 0.1, hint


def test_no_poses_without_an_exercise() -> None:
    assert {path.stem for path in POSES.glob("*.yml")} == set(EXERCISES)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "exercises" / "poses"
    folder.mkdir(parents=True)
    for name in ("schema.json", "glute-bridge.yml", "seated-hamstring-stretch.yml", "standing-hamstring-curl.yml"):
        shutil.copy(POSES / name, folder)
    return folder


def _changed(folder: Path, slug: str, change: dict, pose: int = 0) -> list[str]:
    path = folder / f"{slug}.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["poses"][pose] |= change
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return problems(read_sequence(slug, folder))


def test_a_missing_file_is_named(copy: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read_sequence("plank", copy)
    assert str(caught.value) == "plank has no poses: write data/exercises/poses/plank.yml."


@pytest.mark.parametrize(
    ("slug", "change", "problem"),
    [
        ("standing-hamstring-curl", {"legs": [-90, -60]}, "near_knee is bent by -30 degrees; it can from -6 to 158"),
        ("standing-hamstring-curl", {"hip": [0, 80]}, "near_heel is 11.0 cm below the floor"),
        ("standing-hamstring-curl", {"hip": [0, 99]}, "near_heel bears weight and is 8.0 cm from anything"),
        ("standing-hamstring-curl", {"hip": [0, 88], "legs": {"to": [40, 7]}}, "near_leg ends 6.3 cm short of its aim"),
        ("standing-hamstring-curl", {"trunk": [20, 0]}, "falls over: its weight is at"),
        ("seated-hamstring-stretch", {"hip": [0, 47]}, "hip is 8.5 cm inside of something"),
        ("seated-hamstring-stretch", {"trunk": [60, 180]}, "spine is bent by -120 degrees; it can from -50 to 95"),
        ("glute-bridge", {"near_leg": {"via": [0, 70], "to": [32, 7]}}, "near_leg: its upper part is"),
    ],
)
def test_impossible_poses_are_named(copy: Path, slug: str, change: dict, problem: str) -> None:
    found = _changed(copy, slug, change)
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": []}, "glute-bridge.yml, poses.0.steps: [] is too short"),
        ({"muscles": ["wings"]}, "glute-bridge.yml, poses.0.muscles.0: 'wings' does not match"),
        ({"bears": ["near_tail"]}, "glute-bridge.yml, poses.0.bears.0: 'near_tail' does not match"),
    ],
)
def test_wrong_poses_are_named(copy: Path, change: dict, message: str) -> None:
    with pytest.raises(ContentError, match=f"^{re.escape(message)}"):
        _changed(copy, "glute-bridge", change)
