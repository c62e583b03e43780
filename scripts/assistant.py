"""The whole assistant as two processes: the action server and Rasa."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import portalocker
import requests
from sqlalchemy.exc import SQLAlchemyError

from conversations.engine import open_engine
from conversations.exclusive import DatabaseInUse, NoDatabase, claim
from scripts.processes import ServerProcess, StartError
from settings import ROOT, Settings

MODEL = ROOT / "models" / "hamstring.tar.gz"


class Assistant:
    """The action server and the assistant.

    `settings` says where they listen and what they store. `model` is a trained model's path.
    `log` is a folder for their output, None to show it in the terminal. `files` is the folder of
    endpoints.yml and credentials.yml.
    """

    def __init__(self, settings: Settings, model: Path = MODEL, log: Path | None = None, files: Path = ROOT) -> None:
        self.settings = settings
        self.model = model
        self.log = log
        self.url = f"http://{settings.host}:{settings.port}"
        self.conversations = settings.conversations_url
        self._claims: list[portalocker.Lock] = []
        # What the settings say, for the processes (they read the same variables).
        self.env = {
            **{name.upper(): str(value) for name, value in settings.dict().items() if value is not None},
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "PYTHONWARNINGS": "ignore",
        }
        here = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host
        self.actions = ServerProcess(
            "actions", ["actions"], f"http://127.0.0.1:{settings.actions_port}/health", self.env, log
        )
        self.server = ServerProcess(
            "server",
            [
                *("rasa", "run", "--model", str(model)),
                *("--interface", settings.host, "--port", str(settings.port)),
                *("--endpoints", str(files / "endpoints.yml"), "--credentials", str(files / "credentials.yml")),
            ],
            f"http://{here}:{settings.port}/",
            self.env,
            log,
        )

    def __enter__(self) -> "Assistant":
        try:
            self.start()
        except StartError:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Prepares the library, starts both processes and waits until both answer, a red flag above all.

        Raises:
            StartError: A port is taken, the model is missing or broken, or a process ended or stayed silent.
        """
        if not self.model.exists():
            raise StartError(f"There is no model at {self.model}. Run `make train` first.")
        for name, port in (("PORT", self.settings.port), ("ACTIONS_PORT", self.settings.actions_port)):
            self._claim(name, port)
        try:
            with suppress(SQLAlchemyError):  # conversations are kept in memory until it answers
                claim(open_engine(self.conversations))()  # Rasa claims it for good
        except (DatabaseInUse, NoDatabase) as error:
            raise StartError(str(error)) from None
        seed = subprocess.run([sys.executable, "-m", "library.seed"], cwd=ROOT, env={**os.environ, **self.env})
        if seed.returncode:
            raise StartError("The exercise library could not be prepared; the reason stands above.")
        self.actions.spawn()
        self.server.spawn()
        self.actions.wait_until_it_answers()
        self.server.wait_until_it_answers()
        self.check()

    def check(self) -> None:
        """Makes sure that the assistant is ready; raises StartError with what is not."""
        answer = requests.get(f"{self.server.url.geturl()}readyz", timeout=60)
        if answer.status_code == 503:
            wrong = "; ".join(f"{name}: {state}" for name, state in answer.json().items() if state != "ok")
            raise StartError(f"The assistant does not work as it must ({wrong}). If the model is broken: `make train`.")

    def stop(self) -> None:
        """Stops both processes, the hard way after 10 s."""
        for process in (self.server, self.actions):
            process.stop()
        for port in self._claims:
            port.release()
        self._claims.clear()

    def _claim(self, name: str, port: int) -> None:
        """Takes a port before the process does, which needs a while: of two starts at once one is refused."""
        self.settings.state_dir.mkdir(parents=True, exist_ok=True)
        lock = portalocker.Lock(self.settings.state_dir / f"port-{port}.lock", fail_when_locked=True, timeout=0)
        process = self.actions if name == "ACTIONS_PORT" else self.server
        try:
            lock.acquire()
            self._claims.append(lock)
            taken = process.pre_start_check()
        except portalocker.LockException:
            taken = True
        if taken:
            raise StartError(
                f"Port {port} is taken by another program. Stop it, or choose another port: "
                f"`make run {name}={port + 1}`."
            )
