"""The facts that a message states."""

from library.facts.body import read_cannot, read_pain, read_posture, read_side
from library.facts.fact import Fact
from library.facts.hours import read_hours, read_minutes
from library.facts.message import LONGEST, Message, read_message
from library.facts.past import read_injury, read_operation, read_pregnancy, read_since
from library.facts.person import read_age, read_finding, read_hypermobile, read_whom
from library.facts.quantities import read_quantities
from library.facts.sport import read_job, read_sports
from library.facts.things import read_equipment, read_place, read_tried
from library.facts.vocabulary import vocabulary

_MINUTES = {"minutes": 1, "hours": 60}
READERS = (
    *(read_hours, read_minutes, read_pain, read_side, read_posture, read_cannot, read_sports, read_job),
    *(read_since, read_injury, read_operation, read_pregnancy, read_equipment, read_place, read_tried),
    *(read_age, read_whom, read_hypermobile, read_finding),
)


def read_facts(text: str) -> list[Fact]:
    """Returns the facts that `text` states, in their order.

    What is asked, supposed, over or said of somebody else gives none.

    Args:
        text: a message; its first 4,000 characters are read.

    Returns:
        Each fact once; several of the same name where several things are said (sports, areas, equipment).
    """
    return facts_of(read_message(text))


def facts_of(message: Message) -> list[Fact]:
    """Returns the facts of a message that was read before."""
    found = {(fact.name, str(fact.value)): fact for reader in READERS for fact in reader(message)}
    return sorted(found.values(), key=lambda fact: (fact.start, fact.name))


def read_durations(text: str) -> list[Fact]:
    """Returns every length of time from a minute to hours, whatever it is said of, in minutes."""
    words = vocabulary()
    tokens = words.tokens(text[:LONGEST])
    hits = words.find(tokens)
    return [
        Fact("duration", round(q.high * _MINUTES[q.unit]), tokens[q.first].start, tokens[q.last - 1].end)
        for q in read_quantities(tokens, hits["unit"], [])
        if q.unit in _MINUTES
    ]
