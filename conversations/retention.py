"""Deletes what is older than `RETENTION_DAYS`, hour by hour."""

import logging
import threading
import time
from collections.abc import Callable

from conversations.database import StorageError

logger = logging.getLogger(__name__)

DAY, HOUR = 24 * 3600, 3600


def purge_hourly(purge: Callable[[float], int], days: float) -> Callable[[], None]:
    """Calls `purge(days)` now and every hour, in a thread of its own.

    Returns:
        What ends it.
    """
    ended = threading.Event()

    def run() -> None:
        while True:
            try:
                purge(days)
            except StorageError as error:
                logger.error("Old conversations not deleted, the database failed: %s", error)
            if ended.wait(HOUR):
                return

    threading.Thread(target=run, daemon=True).start()
    return ended.set


def cutoff(days: float) -> float:
    """Returns the time before which nothing is kept."""
    return time.time() - days * DAY
