"""README, CONTRIBUTING and docs say what is true of the code: commands, files, links, tables, examples."""

import re
import shutil
import tomllib
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from library.answers import FOLDER as ANSWERS
from library.answers import read_answers
from safety import RedFlags
from safety.lexicon import FOLDER as SIGNS
from settings import ROOT, Settings

README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("README.md")])
IDS = [str(page.relative_to(ROOT)) for page in PAGES]
FOLDERS = "actions|benchmarks|channels|components|conversations|data|deploy|docs|library|safety|scripts|tests|web"
LONGEST = 160  # characters of a line of data


def test_readme_is_brief() -> None:
    assert len(README.read_text(encoding="utf-8").split()) < 1000


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    assert set(re.findall(r"(?:^|[` ])make ([a-z][a-z-]*)(?=[` ]|$)", _code(page), re.MULTILINE)) - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_modules_that_are_run_exist(page: Path) -> None:
    modules = set(re.findall(r"python -m ([a-z_.]+)", page.read_text(encoding="utf-8"))) - {"pytest"}
    assert [name for name in modules if not _is_module(ROOT / name.replace(".", "/"))] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_files_that_are_named_exist(page: Path) -> None:
    named = set(re.findall(rf"`((?:{FOLDERS})/[\w./-]+)`", page.read_text(encoding="utf-8")))
    named = {name for name in named if "SLUG" not in name and not name.startswith("web/dist")}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)\s]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not _leads_somewhere(page, link)] == []


def test_pytest_commands_select_something() -> None:
    for command in re.findall(r"-m pytest (tests/[\w/.]+)", CONTRIBUTING.read_text(encoding="utf-8")):
        assert (ROOT / command).exists()


def test_settings_are_those_of_the_code() -> None:
    table = _rows(ROOT / "docs" / "settings.md", r"`([A-Z_]+)`")
    fields = {
        name.upper(): (_shown(field.default), field.field_info.description)
        for name, field in Settings.__fields__.items()
    }
    assert {name: (default.strip("`"), meaning) for name, default, meaning in table} == fields


@pytest.mark.parametrize("channel", ["slack", "telegram"])
def test_settings_of_a_channel_are_those_of_the_code(channel: str) -> None:
    named = {name for name, *_ in _rows(ROOT / "docs" / f"{channel}.md", r"`([A-Z_]+)`")}
    assert named == {name.upper() for name in Settings.__fields__ if name.startswith(f"{channel}_")}


def test_attributes_of_the_widget_are_those_of_the_code() -> None:
    text = (ROOT / "docs" / "web.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`data-([a-z-]+)`", text))
    source = (ROOT / "web" / "src" / "launcher" / "index.ts").read_text(encoding="utf-8")
    (known,) = re.findall(r"ATTRIBUTES = \[(.*?)\]", source)
    assert named | {"mode"} == set(re.findall(r'"([a-z-]+)"', known))
    assert 'mode="page"' in text


def test_pipeline_and_policies_are_those_of_the_configuration() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^ *\| ([A-Z]\w+)(?:, twice)? \|", architecture, re.MULTILINE)
    names = [entry["name"].rsplit(".", 1)[-1] for entry in config["pipeline"] + config["policies"]]
    assert rows == list(dict.fromkeys(names))


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\(([\w.-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {page.name for page in folder.glob("*.md")} - {"README.md"}
    for name in listed:
        headings = re.findall(r"^## (\w+)", (folder / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"]


def test_the_version_has_its_changes() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changes = re.findall(r"^## \[(\d[\d.]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert changes[0] == version


def test_the_answer_of_contributing_is_one(tmp_path: Path) -> None:
    entry = _example("An answer")
    folder = shutil.copytree(ANSWERS, tmp_path / "answers")
    entry = entry.replace("https://...", "https://www.nhs.uk")
    (folder / "recovery" / "recovery_sauna.yml").write_text(entry, encoding="utf-8")
    added = read_answers(folder)["ask_recovery_sauna"]
    assert added.on_hold == added.tellings[0]
    assert [button["payload"] for button in added.buttons] == ["/ask_how_to_loosen", "/start_assessment"]


def test_the_sign_of_contributing_is_one(tmp_path: Path) -> None:
    folder = shutil.copytree(SIGNS, tmp_path / "red_flags")
    with (folder / "see_doctor.yml").open("a") as file:
        file.write("".join(f"  {line}\n" for line in _example("A sign").splitlines()))
    red_flags, (entry,) = RedFlags.load(folder), yaml.safe_load(_example("A sign"))
    for message in entry["matches"]:
        assert [finding.rule for finding in red_flags.assess(message).findings] == [entry["id"]]
    for message in entry["not"]:
        assert red_flags.assess(message).level == "none"


def test_no_line_of_data_is_too_long() -> None:
    files = chain((ROOT / "data").rglob("*.yml"), [ROOT / "domain.yml", ROOT / "config.yml"])
    long = [
        f"{path.relative_to(ROOT)}:{number} has {len(line)} characters"
        for path in sorted(files)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert long == []


def _code(page: Path) -> str:
    """Returns what a page sets as code: its blocks, and its words in backticks."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))])


def _example(heading: str) -> str:
    """Returns the YAML below a heading of CONTRIBUTING."""
    section = CONTRIBUTING.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)[0]


def _rows(page: Path, first: str) -> list[tuple[str, ...]]:
    """Returns the rows of a page's tables whose first cell matches `first` as a whole."""
    lines = re.findall(r"^\|(.*)\|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [(match[1], *row[1:]) for row in rows if (match := re.fullmatch(first, row[0]))]


def _shown(default: object) -> str:
    return "" if default is None else str(default).replace(f"{ROOT}/", "")


def _is_module(path: Path) -> bool:
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def _leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = unquote(link).partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists():
        return False
    headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
    return not anchor or anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
