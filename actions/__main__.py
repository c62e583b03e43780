"""Runs the action server: `python -m actions`. `rasa run actions` works too.

Unlike Rasa's own, it listens on this machine only, and an error never sends the conversation back.
"""

import logging

import rasa_sdk.utils
from rasa_sdk.endpoint import create_app
from sanic import Request, response
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse

from library.answers import topics
from library.follow_ups import read_follow_ups
from library.restrictions import read_restrictions
from library.templates import button
from settings import Settings

logger = logging.getLogger("actions")


def main() -> None:
    """Serves the actions of this package on ACTIONS_PORT until it is stopped."""
    rasa_sdk.utils.configure_colored_logging("WARNING")
    # Read now, so that the first answer is not late.
    topics(), read_follow_ups(), read_restrictions(), button("see_doctor")
    app = create_app("actions", cors_origins=[])

    @app.exception(Exception)
    async def fail(_: Request, error: Exception) -> HTTPResponse:
        logger.error("An action failed: %s", type(error).__name__)
        status = error.status_code if isinstance(error, SanicException) else 500
        return response.json({"error": "The action failed.", "action_name": None}, status=status)

    app.run("127.0.0.1", Settings().actions_port, access_log=False)


if __name__ == "__main__":
    main()
