"""`make run` on one machine: what dies comes back, nothing starts broken or twice, nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from scripts.assistant import MODEL
from scripts.processes import START_SECONDS, StartError
from settings import ROOT
from tests.support.assistant import Person, free_port, make_assistant


class MakeRun:
    """`python -m scripts.serve` as its user sees it."""

    def __init__(self, folder: Path) -> None:
        self.assistant = make_assistant(folder)  # never started: only its settings and address
        self.output = folder / "output"
        environment = {**os.environ, **self.assistant.env}
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scripts.serve"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )

    def wait_for(self, words: str, times: int = 1) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self.text.count(words) < times and self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert self.text.count(words) >= times, self.text

    @property
    def text(self) -> str:
        return self.output.read_text()

    def children(self) -> dict[str, psutil.Process]:
        """Returns the two processes by what they run."""
        kinds = {"rasa": "server", "actions": "actions"}
        return {
            kinds[word]: child
            for child in psutil.Process(self.process.pid).children()
            for word in kinds
            if word in child.cmdline()
        }


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeRun]:
    running = MakeRun(tmp_path_factory.mktemp("run"))
    try:
        running.wait_for("The hamstring assistant is ready.")
        yield running
    finally:
        running.process.terminate()
        running.process.wait(30)


def test_what_dies_is_started_again_and_says_so(run: MakeRun) -> None:
    someone = Person(run.assistant)
    assert "see a doctor" in someone.hear("my foot is numb")
    for name, said in {"server": "The assistant", "actions": "The action server"}.items():
        run.children()[name].kill()
        run.wait_for(f"{said} ended by itself; starting it again in 1 s.")
        run.wait_for(f"{said} is back.")
    assert "I'm holding exercises back" in someone.hear("show me exercises for my knee")
    run.children()["actions"].kill()
    run.wait_for("The action server ended by itself; starting it again in 2 s.")  # a growing pause
    run.wait_for("The action server is back.", times=2)


def test_it_says_what_is_ready(run: MakeRun) -> None:
    assert requests.get(f"{run.assistant.url}/healthz", timeout=10).json() == {"status": "ok"}
    answer = requests.get(f"{run.assistant.url}/readyz", timeout=60)
    assert (answer.status_code, set(answer.json().values())) == (200, {"ok"})
    assert set(answer.json()) == {"model", "database", "actions", "rest", "web"}
    actions = run.children()["actions"]
    actions.suspend()
    answer = requests.get(f"{run.assistant.url}/readyz", timeout=60)
    actions.resume()
    assert (answer.status_code, answer.json()["actions"]) == (503, "not reachable")


def test_a_second_one_on_the_same_port_or_database_is_refused(run: MakeRun, tmp_path: Path) -> None:
    with pytest.raises(StartError, match=f"Port {run.assistant.settings.port} is taken by another program"):
        make_assistant(tmp_path, port=run.assistant.settings.port).start()
    with pytest.raises(StartError, match="Another assistant is using .*conversations.db. .* Stop the other one"):
        make_assistant(tmp_path, conversations_url=run.assistant.settings.conversations_url).start()


def test_of_two_that_start_at_once_one_is_refused(tmp_path: Path) -> None:
    port = free_port()
    first, second = (make_assistant(tmp_path, port=port) for _ in range(2))
    first._claim("PORT", port)  # it has not got as far as listening
    with pytest.raises(StartError, match=f"Port {port} is taken"):
        second.start()
    first.stop()


@pytest.mark.parametrize("kept", [0.5, 0.0])
def test_a_model_that_was_cut_off_is_not_ready(tmp_path: Path, kept: float) -> None:
    whole = MODEL.read_bytes()
    model = tmp_path / "cut.tar.gz"
    model.write_bytes(whole[: int(len(whole) * kept)])
    broken = make_assistant(tmp_path, model=model)
    try:
        with pytest.raises(StartError, match=r"does not work as it must \(model: not loaded\).*`make train`"):
            broken.start()
    finally:
        broken.stop()


def test_a_closed_terminal_ends_both_processes(run: MakeRun) -> None:
    children = run.children()
    run.process.send_signal(signal.SIGHUP)
    run.process.wait(30)
    assert not any(child.is_running() for child in children.values())
    assert run.text.endswith("Stopped.\n")
