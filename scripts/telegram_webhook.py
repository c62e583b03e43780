"""Tells Telegram where this assistant is: `make telegram-webhook`.

Only whoever has the bot's token can do this; the assistant itself offers no way to change it.
"""

import argparse
import asyncio
import sys

from pydantic import ValidationError

from channels.telegram.api import UPDATES, TelegramApi, TelegramError, set_commands
from settings import Settings

PATH = "/webhooks/telegram/webhook"


def main(arguments: list[str] | None = None) -> int:
    """Sets, shows or deletes the webhook; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m scripts.telegram_webhook")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--show", action="store_true", help="only show what is set")
    choice.add_argument("--delete", action="store_true", help="delete it; a laptop can then use long polling")
    options = parser.parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError as error:
        print(f"A setting is wrong: {error}", file=sys.stderr)
        return 2
    if not settings.telegram_token:
        return _complain("Set TELEGRAM_TOKEN to the token that @BotFather gave you.")
    if not (options.show or options.delete):
        if not settings.telegram_webhook_secret:
            return _complain("Set TELEGRAM_WEBHOOK_SECRET to a long random word: letters, digits, _ and -.")
        if not (settings.telegram_webhook_url or "").startswith("https://"):
            return _complain(
                "Set TELEGRAM_WEBHOOK_URL to the public address of the assistant; it starts with https://."
            )
    try:
        print(asyncio.run(_run(settings, options)))
        return 0
    except TelegramError as error:
        return _complain(f"Telegram said no: {error}" if error.code else f"Telegram can't be reached ({error}).")


async def _run(settings: Settings, options: argparse.Namespace) -> str:
    api = TelegramApi(settings.telegram_api_url, settings.telegram_token or "")
    try:
        if options.delete:
            await api.call("deleteWebhook")
            return "The webhook is deleted."
        if not options.show:
            address = (settings.telegram_webhook_url or "").rstrip("/")
            await api.call(
                "setWebhook",
                url=address if address.endswith(PATH) else address + PATH,
                secret_token=settings.telegram_webhook_secret,
                allowed_updates=UPDATES,
                max_connections=1,  # so that messages arrive in order; each is acknowledged in milliseconds
            )
            await set_commands(api)
        info = await api.call("getWebhookInfo")
        if not info.get("url"):
            return "No webhook is set."
        trouble = info.get("last_error_message")
        return f"Telegram delivers to {info['url']}." + (f" Its last attempt failed: {trouble}" if trouble else "")
    finally:
        await api.close()


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
