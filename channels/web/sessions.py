"""Who a browser speaks for: session ids that only this server can mint."""

import os
import secrets
import time
import uuid
from pathlib import Path

import jwt

from settings import Settings

ALGORITHM = "HS256"
AUDIENCE = "web"
KEY_BYTES = 32


class Sessions:
    """Mints and reads session tokens: signed (JWT, HMAC-SHA256), and valid as long as conversations are kept."""

    def __init__(self, secret: str, lifetime_days: float) -> None:
        self._secret = secret
        self._lifetime = lifetime_days * 24 * 3600

    @classmethod
    def from_settings(cls, settings: Settings) -> "Sessions":
        """Returns sessions signed with `SESSION_SECRET`, or else with a key kept in `STATE_DIR`."""
        return cls(settings.session_secret or _kept_key(settings.state_dir), settings.retention_days)

    def mint(self, session: str | None = None) -> tuple[str, str]:
        """Returns a session id (a new one unless given) and a token for it."""
        session = session or uuid.uuid4().hex
        claims = {"sub": session, "aud": AUDIENCE, "exp": time.time() + self._lifetime}
        return session, jwt.encode(claims, self._secret, ALGORITHM)

    def read(self, token: object) -> str | None:
        """Returns the session id of a token; None if it isn't ours, was altered or has expired."""
        if not isinstance(token, str):
            return None
        try:
            claims = jwt.decode(
                token, self._secret, [ALGORITHM], audience=AUDIENCE, options={"require": ["sub", "aud", "exp"]}
            )
        except jwt.InvalidTokenError:
            return None
        return claims["sub"]


def _kept_key(folder: Path) -> str:
    """Returns the key in `folder`, which is made at the first start, so that a restart ends no conversation."""
    path = folder / "session.key"
    folder.mkdir(parents=True, exist_ok=True)
    key = path.read_text().strip() if path.exists() else ""
    if len(key) < 2 * KEY_BYTES:  # none yet, or cut off when the disk was full: no browser has a token of it
        key = secrets.token_hex(KEY_BYTES)
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(key)
        new.replace(path)
    return key
