"""Nobody keeps all the others waiting, within all limits."""

import asyncio
import random
import uuid
from pathlib import Path

from channels.web.conversations import PER_ADDRESS
from tests.support.assistant import make_assistant
from tests.support.web_client import Tab

TABS, MESSAGES = 8, 25
WORDS = "my left foot and both legs feel a bit tight since the race and i stretch after work"


async def test_eight_busy_tabs_of_one_address_and_another_person(tmp_path: Path) -> None:
    with make_assistant(tmp_path, proxies=1) as site:
        busy = [await Tab.open(site, client="203.0.113.5") for _ in range(TABS)]
        other = await Tab.open(site, client="203.0.113.6")
        answered = 0

        async def read(tab: Tab) -> None:
            nonlocal answered
            for _ in range(MESSAGES):
                await tab.until("done")
                answered += 1

        for number in range(TABS * MESSAGES):
            text = " ".join(random.Random(number).choices(WORDS.split(), k=700))
            await busy[number % TABS].send(type="message", id=uuid.uuid4().hex, text=text)
        reading = [asyncio.create_task(read(tab)) for tab in busy]
        while not answered:
            await asyncio.sleep(0.01)
        before = answered
        assert (await other.say("my foot is numb"))[0]["alert"] == "see_doctor"
        # Those that were being worked on, and as many that took their place meanwhile.
        assert answered - before <= 2 * PER_ADDRESS
        await asyncio.gather(*reading)
        assert answered == TABS * MESSAGES
