"""The two sides that are compared: this assistant, and Rasa's default pipeline on the same data."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.assistant import Assistant
from settings import ROOT, Settings
from tests.support.assistant import free_port

HERE = Path(__file__).resolve().parent


@dataclass
class Side:
    """One side: its name, its configuration, and the folder of its endpoints and credentials."""

    name: str
    config: Path
    files: Path

    def train(self, folder: Path, nlu: Path | None = None) -> tuple[Path, float]:
        """Trains a model without any cache; returns its path and the seconds it took.

        With `nlu`, a file of examples, only the NLU half is trained, on that file.
        """
        options = ["nlu", "--nlu", str(nlu)] if nlu else ["--force"]
        start = time.perf_counter()
        with (folder / f"{self.name}-train.log").open("wb") as log:
            subprocess.run(
                [
                    *(sys.executable, "-m", "rasa", "train", *options),
                    *("--config", str(self.config), "--out", str(folder), "--fixed-model-name", self.name),
                ],
                cwd=ROOT,
                env={**os.environ, "RASA_CACHE_DIRECTORY": str(folder / f"{self.name}-cache")},
                stdout=log,
                stderr=subprocess.STDOUT,
                check=True,
            )
        return folder / f"{self.name}.tar.gz", time.perf_counter() - start

    def serve(self, model: Path, folder: Path) -> Assistant:
        """Returns the side as a server, not started, with new databases in `folder`."""
        os.environ["RASA_DEFAULT_DB"] = str(folder / f"{self.name}-conversations.db")
        settings = Settings(
            port=free_port(),
            actions_port=free_port(),
            database_url=f"sqlite:///{folder}/{self.name}-exercises.db",
            conversations_url=f"sqlite:///{folder}/{self.name}-conversations.db",
        )
        return Assistant(settings, model=model, log=folder, files=self.files)


OURS = Side("ours", ROOT / "config.yml", ROOT)
DEFAULT = Side("default", HERE / "rasa_default" / "config.yml", HERE / "rasa_default")
