"""Runs the whole assistant: exercise library, action server and Rasa, until Ctrl-C.

`python -m scripts.serve` is what `make run` calls; the tests start the same `Assistant`.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

import yaml
from pydantic import ValidationError

from settings import ROOT, Settings

MODEL = ROOT / "models" / "hamstring.tar.gz"
# `python -m MODULE`, without the deprecation warnings of libraries, which sanic and spaCy turn on when imported.
MODULE = (
    sys.executable,
    "-c",
    "import runpy, sanic, sys, warnings; warnings.simplefilter('ignore'); import packaging.requirements; "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)",
)
START_SECONDS = 180  # a slow laptop, first start


class StartError(Exception):
    """The assistant can't start; the text says what to do."""


class Assistant:
    """The action server and the assistant as two processes.

    `settings` says where they listen and what they store. `model` is a trained model's path.
    `log` is a folder for their output, None to show it in the terminal. `files` is the folder of
    endpoints.yml and credentials.yml.
    """

    def __init__(self, settings: Settings, model: Path = MODEL, log: Path | None = None, files: Path = ROOT) -> None:
        self.settings = settings
        self.model = model
        self.files = files
        self.log = log
        self.url = f"http://{settings.host}:{settings.port}"
        self.conversations = settings.conversations_url
        self.actions: subprocess.Popen[bytes] | None = None
        self.server: subprocess.Popen[bytes] | None = None
        # What the settings say, for the processes (they read the same variables).
        self.env = {
            **os.environ,
            **{name.upper(): str(value) for name, value in settings.dict().items() if value is not None},
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "PYTHONWARNINGS": "ignore",
        }

    def __enter__(self) -> "Assistant":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Prepares the library, starts both processes and waits until both answer.

        Raises:
            StartError: A port is taken, the model is missing, or a process ended or stayed silent.
        """
        if not self.model.exists():
            raise StartError(f"There is no model at {self.model}. Run `make train` first.")
        for name, port in (("PORT", self.settings.port), ("ACTIONS_PORT", self.settings.actions_port)):
            if _answers(self.settings.host, port):
                raise StartError(
                    f"Port {port} is taken by another program. Stop it, or choose another port: "
                    f"`make run {name}={port + 1}`."
                )
        seed = subprocess.run([sys.executable, "-m", "library.seed"], cwd=ROOT, env=self.env)
        if seed.returncode:
            raise StartError("The exercise library could not be prepared; the reason stands above.")
        self.start_actions()
        self.start_server()
        self.wait_for_actions()
        self.wait_for_server()

    def start_actions(self) -> None:
        """Starts the action server, without waiting for it."""
        self.actions = self._spawn("actions", [*MODULE, "actions"])

    def start_server(self) -> None:
        """Starts Rasa, without waiting for it."""
        self.server = self._spawn(
            "server",
            [
                *(*MODULE, "rasa", "run", "--model", str(self.model)),
                *("--interface", self.settings.host, "--port", str(self.settings.port)),
                *(
                    "--endpoints",
                    str(self._endpoints()),
                    "--credentials",
                    str(self.files / "credentials.yml"),
                ),
            ],
        )

    def wait_for_actions(self) -> None:
        """Waits until the action server answers; raises StartError."""
        self._wait("action server", self.actions, f"http://127.0.0.1:{self.settings.actions_port}/health")

    def wait_for_server(self) -> None:
        """Waits until Rasa answers; raises StartError."""
        self._wait("assistant", self.server, self.url)

    def stop(self) -> None:
        """Stops both processes, the hard way after 10 s."""
        for process in (self.server, self.actions):
            stop_process(process)

    def _endpoints(self) -> Path:
        """Returns endpoints.yml, or a copy of it with the port of the action server."""
        path = self.files / "endpoints.yml"
        endpoints = yaml.safe_load(path.read_text())
        url = f"http://127.0.0.1:{self.settings.actions_port}/webhook"
        if endpoints["action_endpoint"]["url"] == url:
            return path
        endpoints["action_endpoint"]["url"] = url
        copy = Path(tempfile.mkdtemp(prefix="hamstring-")) / "endpoints.yml"
        copy.write_text(yaml.safe_dump(endpoints))
        return copy

    def _spawn(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        output = (self.log / f"{name}.log").open("ab") if self.log else None
        # A session of its own: Ctrl-C reaches this program, which then stops both in order.
        return subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )

    def _wait(self, name: str, process: subprocess.Popen[bytes] | None, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process is None or process.poll() is not None:
                where = f" Its output is in {self.log}." if self.log else " The reason stands above."
                raise StartError(f"The {name} ended while starting.{where}")
            try:
                urllib.request.urlopen(url, timeout=5).close()
                return
            except urllib.error.HTTPError:
                return  # it answers
            except OSError:
                time.sleep(0.2)
        raise StartError(f"The {name} did not answer at {url} within {START_SECONDS} seconds.")


def stop_process(process: subprocess.Popen[bytes] | None) -> None:
    """Ends a process: politely first, the hard way after 10 s."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Runs until Ctrl-C; returns the exit status."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        assistant = Assistant(Settings())
    except ValidationError as error:
        print(f"A setting is wrong: {error}", file=sys.stderr)
        return 2
    try:
        print("Starting the assistant; this takes about half a minute ...", flush=True)
        assistant.start()
        print(
            f"\nThe hamstring assistant is ready.\n"
            f"  Chat page:  {assistant.url}/\n"
            f"  REST:       POST {assistant.url}/webhooks/rest/webhook\n"
            f"  Terminal:   make chat (in another terminal)\n"
            f"Stop it with Ctrl-C.\n",
            flush=True,
        )
        while assistant.server and assistant.server.poll() is None:
            if assistant.actions and assistant.actions.poll() is not None:
                print("The action server ended; starting it again.", file=sys.stderr, flush=True)
                assistant.start_actions()
            time.sleep(1)
        print("The assistant ended by itself; the reason stands above.", file=sys.stderr)
        return 1
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
        return 0
    finally:
        assistant.stop()


if __name__ == "__main__":
    raise SystemExit(main())
