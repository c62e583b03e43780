"""Runs the whole assistant until Ctrl-C, and starts again what dies: `make run` is `python -m scripts.serve`."""

import os
import signal
import sys
import time
from dataclasses import dataclass

from pydantic import ValidationError

from scripts.assistant import Assistant
from scripts.processes import OWNER_ONLY, ServerProcess, StartError
from settings import Settings

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a process that died is started again
STEADY_SECONDS = 300  # a process that ran for so long begins with the first pause again


@dataclass
class Watch:
    """Looks after one process."""

    process: ServerProcess
    name: str
    pause: float = FIRST_PAUSE
    since: float = 0.0

    def look(self) -> None:
        """Starts the process again where it died, after a pause that grows each time, and says so."""
        if self.process.running():
            return
        if time.monotonic() - self.since > STEADY_SECONDS:
            self.pause = FIRST_PAUSE
        _say(f"The {self.name} ended by itself; starting it again in {self.pause:g} s.")
        time.sleep(self.pause)
        self.pause = min(2 * self.pause, LONGEST_PAUSE)
        try:
            self.process.start()
            _say(f"The {self.name} is back.")
        except StartError as error:
            _say(str(error))
        self.since = time.monotonic()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Runs until Ctrl-C, SIGTERM or a closed terminal; returns the exit status."""
    os.umask(OWNER_ONLY)
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # else nohup wants it to go on
        signal.signal(signal.SIGHUP, _interrupt)
    try:
        assistant = Assistant(Settings())
    except ValidationError as error:
        _say(f"A setting is wrong: {error}")
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
        watches = [Watch(assistant.actions, "action server"), Watch(assistant.server, "assistant")]
        while True:
            for watch in watches:
                watch.look()
            time.sleep(1)
    except StartError as error:
        _say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
        return 0
    finally:
        assistant.stop()


if __name__ == "__main__":
    raise SystemExit(main())
