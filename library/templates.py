"""The words that actions say: Jinja2 templates in data/replies, rendered by their names."""

from functools import cache
from typing import Any

import yaml
from jinja2 import DictLoader, Environment, StrictUndefined, Template

from settings import ROOT

FOLDER = ROOT / "data" / "replies"
MACROS = "macros.j2"  # what templates share: doses, lists of things
BUTTONS = "buttons.yml"

Button = dict[str, str]


def render(name: str, /, **values: Any) -> str:
    """Returns the text of a template.

    Args:
        name: Its key in one of the files of data/replies.
        values: What it speaks of.

    Raises:
        jinja2.TemplateNotFound: There is no such template.
        jinja2.UndefinedError: It speaks of something that was not given.
    """
    return _environment().get_template(name).render(**values).strip()


def button(name: str, /, **values: Any) -> Button:
    """Returns a button of data/replies/buttons.yml with its gaps filled."""
    return {key: template.render(**values) for key, template in _buttons()[name].items()}


def has_template(name: str) -> bool:
    """Returns whether there is a template of that name."""
    return name in _texts()


@cache
def _texts() -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for name, text in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if not isinstance(text, str):  # a table of words, or of buttons
                continue
            if name in texts:
                raise ValueError(f"{path.name}: there are two templates called {name}.")
            texts[name] = text
    return texts


@cache
def _buttons() -> dict[str, dict[str, Template]]:
    read = yaml.safe_load((FOLDER / BUTTONS).read_text(encoding="utf-8"))
    return {
        name: {key: _environment().from_string(text) for key, text in parts.items()} for name, parts in read.items()
    }


@cache
def _environment() -> Environment:
    texts = {**_texts(), MACROS: (FOLDER / MACROS).read_text(encoding="utf-8")}
    environment = Environment(
        loader=DictLoader(texts),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
        autoescape=False,  # plain text; channels escape what they must
    )
    environment.filters["lower_first"] = lambda text: text[:1].lower() + text[1:]
    shared = environment.get_template(MACROS).module
    environment.globals.update({name: getattr(shared, name) for name in dir(shared) if not name.startswith("_")})
    return environment
