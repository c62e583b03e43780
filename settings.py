"""Every setting of the assistant, in one place: name, default and meaning.

Each field is read from the environment variable of the same name in capitals (`port` from `PORT`).
"""

from pathlib import Path

from pydantic import BaseSettings, Field

ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """Settings from the environment; raises `pydantic.ValidationError` that names each wrong one."""

    # Where it listens
    host: str = Field(default="127.0.0.1", description="Address the assistant listens on")
    port: int = Field(default=5005, ge=1, le=65535, description="Port of the assistant")
    actions_port: int = Field(default=5055, ge=1, le=65535, description="Port of the action server (local only)")

    # Where it keeps things
    database_url: str = Field(default=f"sqlite:///{ROOT}/exercises.db", description="Exercise library (SQLAlchemy URL)")
    conversations_url: str = Field(
        default=f"sqlite:///{ROOT}/conversations.db", description="Conversations (SQLAlchemy URL)"
    )

    # Safety
    emergency_number: str = Field(
        default="999, 112 or 911", min_length=1, description="Emergency number named in urgent advice"
    )
    crisis_line: str = Field(
        default="116 123 in the UK and Ireland, 988 in the US, others at findahelpline.com",
        min_length=1,
        description="Crisis line named to somebody who may harm themselves",
    )

    # Privacy
    retention_days: float = Field(default=30, gt=0, description="Days after which conversations are deleted")

    # Limits
    max_message_chars: int = Field(
        default=4000, ge=100, description="Longer messages are refused with a clear sentence"
    )

    # REST, for programs
    rest_token: str | None = Field(
        default=None,
        min_length=16,
        description="What programs show at the REST channel; without it, only those on this computer are answered",
    )
    rest_messages_per_minute: int = Field(
        default=6000, ge=1, description="Most messages a minute from one IP address over REST"
    )

    # Telegram: off without a token
    telegram_token: str | None = Field(default=None, description="The bot's token, from @BotFather")
    telegram_webhook_secret: str | None = Field(
        default=None,
        regex="^[A-Za-z0-9_-]{0,256}$",
        description="What Telegram proves itself with at the webhook; without it, long polling",
    )
    telegram_webhook_url: str | None = Field(
        default=None, description="Public https address of this assistant, for `make telegram-webhook`"
    )
    telegram_api_url: str = Field(default="https://api.telegram.org", description="Address of the Bot API server")

    # Slack: off without a bot token
    slack_bot_token: str | None = Field(default=None, description="Bot token of the Slack app (xoxb-...)")
    slack_signing_secret: str | None = Field(default=None, description="Signing secret of the Slack app, for HTTP")
    slack_app_token: str | None = Field(default=None, description="App-level token (xapp-...), for Socket Mode")
    slack_api_url: str = Field(default="https://slack.com/api/", description="Address of Slack's Web API")

    # Web widget
    allowed_origins: str = Field(
        default="",
        description="Sites that may embed the widget, such as https://example.org, and this assistant's own public "
        "address; several with commas; * for all",
    )
    session_secret: str | None = Field(
        default=None,
        min_length=32,
        description="Key that signs web sessions; by default one is made and kept in STATE_DIR",
    )
    state_dir: Path = Field(default=ROOT / "state", description="Folder for what the assistant itself must keep")
    session_messages_per_minute: int = Field(
        default=30, ge=1, description="Most messages a minute from one web session"
    )
    address_messages_per_minute: int = Field(
        default=240, ge=1, description="Most messages a minute from one IP address"
    )
    connections_per_address: int = Field(default=50, ge=1, description="Most open chats from one IP address")
    proxies: int = Field(default=0, ge=0, description="Reverse proxies in front, whose X-Forwarded-For is believed")
