"""Every setting of the assistant, in one place: name, default and meaning.

Each field is read from the environment variable of the same name in capitals (`port` from `PORT`).
"""

from pathlib import Path

from pydantic import BaseSettings, Field

ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """Settings from the environment; raises `pydantic.ValidationError` that names each wrong one."""

    # Where it listens
    host: str = Field("127.0.0.1", description="Address the assistant listens on")
    port: int = Field(5005, ge=1, le=65535, description="Port of the assistant")
    actions_port: int = Field(5055, ge=1, le=65535, description="Port of the action server (local only)")

    # Where it keeps things
    database_url: str = Field(f"sqlite:///{ROOT}/exercises.db", description="Exercise library (SQLAlchemy URL)")
    conversations_url: str = Field(f"sqlite:///{ROOT}/conversations.db", description="Conversations (SQLAlchemy URL)")

    # Safety
    emergency_number: str = Field(
        "999, 112 or 911", min_length=1, description="Emergency number named in urgent advice"
    )

    # Privacy
    retention_days: float = Field(30, gt=0, description="Days after which conversations are deleted")

    # Limits
    max_message_chars: int = Field(1000, ge=100, description="Longer messages are refused with a clear sentence")
