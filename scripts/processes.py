"""The processes of the assistant: started, waited for, stopped. mirakuru does the work."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from mirakuru import HTTPExecutor, SimpleExecutor
from mirakuru.exceptions import ExecutorError, ProcessFinishedWithError, TimeoutExpired

from settings import ROOT

START_SECONDS = 180  # a slow laptop, first start
STOP_SECONDS = 10
OWNER_ONLY = 0o077  # umask: what they write is for nobody else
# `python -m MODULE`, without the deprecation warnings of libraries, which sanic and spaCy turn on when imported.
MODULE = (
    sys.executable,
    "-c",
    "import runpy, sanic, sys, warnings; warnings.simplefilter('ignore'); import packaging.requirements; "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)",
)


class StartError(Exception):
    """The assistant can't start; the text says what to do."""


class ServerProcess(HTTPExecutor):
    """`python -m` a server of this repository, in a session of its own: Ctrl-C does not reach it.

    Its output is shown in the terminal, or goes to `NAME.log` in the folder `log`.
    """

    def __init__(self, name: str, command: list[str], url: str, env: dict[str, str], log: Path | None) -> None:
        self.name, self.log = name, log
        output: dict[str, Any] = {}
        if log:
            output["stdout"] = output["stderr"] = (log / f"{name}.log").open("ab")
        else:
            output["stdout"] = None
        super().__init__(
            [*MODULE, *command],
            url,
            status=r"\d",  # whatever it answers, it is there
            method="GET",
            request_timeout=5,
            timeout=START_SECONDS,
            cwd=str(ROOT),
            envvars=env,
            stdin=None,
            popen_kwargs={"umask": OWNER_ONLY},
            **output,
        )

    def start(self) -> "ServerProcess":
        """Starts the server and waits until it answers; raises StartError."""
        self.spawn()
        self.wait_until_it_answers()
        return self

    def spawn(self) -> None:
        """Starts the server; raises StartError where something else has its port."""
        self._timeout = START_SECONDS
        if self.process and not self.running():
            self.kill()  # forgets the process that ended
        if self.pre_start_check():
            raise StartError(f"Port {self.port} is taken by another program.")
        SimpleExecutor.start(self)

    def wait_until_it_answers(self) -> None:
        """Waits for a started server; raises StartError."""
        where = f"Its output is in {self.log}." if self.log else "The reason stands above."
        try:
            self.wait_for(self.check_subprocess)
        except TimeoutExpired:
            raise StartError(f"The {self.name} did not answer within {START_SECONDS} seconds. {where}") from None
        except ExecutorError:
            raise StartError(f"The {self.name} ended while starting. {where}") from None

    def stop(self, *args: Any, **kwargs: Any) -> "ServerProcess":
        """Ends the server: politely first, the hard way after 10 s."""
        self._timeout = STOP_SECONDS
        with suppress(ProcessFinishedWithError):  # it has ended: that is all that matters
            super().stop(*args, **kwargs)
        return self

    @property
    def pid(self) -> int:
        """The process id of a running server."""
        assert self.process
        return self.process.pid
