"""What a message says about the person: read once, used by the NLU pipeline and by the cause finder's form.

Words are data (data/vocabulary/*.yml); this package holds what their order means. It imports no Rasa.
"""

from library.facts.answers import read_answer
from library.facts.fact import Fact
from library.facts.reader import read_durations, read_facts

__all__ = ["Fact", "read_answer", "read_durations", "read_facts"]
