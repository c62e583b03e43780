"""The key that signs web sessions."""

import stat
from pathlib import Path

import pytest

from channels.web.sessions import Sessions
from settings import Settings


def sessions(folder: Path) -> Sessions:
    return Sessions.from_settings(Settings(state_dir=folder))


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    session, token = sessions(tmp_path / "state").mint()
    assert sessions(tmp_path / "state").read(token) == session
    assert stat.S_IMODE((tmp_path / "state" / "session.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "\n", "cut off"])
def test_a_key_that_was_cut_off_is_made_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "session.key").write_text(content)
    session, token = sessions(tmp_path).mint()
    assert sessions(tmp_path).read(token) == session
    assert len((tmp_path / "session.key").read_text()) == 64
