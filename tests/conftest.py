"""A real assistant for the tests: trained model, action server, Rasa, and databases of their own."""

from collections.abc import Callable, Iterator

import hypothesis
import pytest

from scripts.assistant import Assistant
from tests.support.assistant import Person, make_assistant

# The same examples in every run: what turns it red is a change, not the draw.
hypothesis.settings.register_profile("repeatable", derandomize=True)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The assistant that most tests share; each test talks under names of its own."""
    with make_assistant(tmp_path_factory.mktemp("assistant")) as running:
        yield running


@pytest.fixture
def person(assistant: Assistant) -> Callable[[], Person]:
    """Makes people who talk to the shared assistant."""
    return lambda: Person(assistant)
