"""Movement between two poses, as CSS animations that only run for readers who don't object to motion."""

from library.pictures.body import turn
from library.pictures.parts import Part

SECONDS = 1.8  # to the pose and back
# Movement that starts by itself ends within five seconds (WCAG 2.2.2), in the pose that the panel shows.
_TIMES = {1: 2.6, 2: 1.6, 3: 0.6}
_START, _THERE, _BACK = 6, 40, 66  # per cent of the time: when movement starts, is there, and starts back


class Movement:
    """The movements of a picture: one panel after the other."""

    def __init__(self, panels: list[int]) -> None:
        self._panels = panels[:3]
        self._rules: list[str] = []
        self._names: dict[str, str] = {}  # by rule: parts that move alike share one

    def add(self, panel: int, frames: list[list[Part]], still: list[Part]) -> dict[str, str]:
        """Adds what moves in a panel; returns the class of each part that moves."""
        if panel not in self._panels:
            return {}
        found = {}
        times = _TIMES[len(self._panels)]
        delay = self._panels.index(panel) * SECONDS
        named = [{part.name: part for part in frame} for frame in frames]
        for number, part in enumerate(still):
            places = _places([frame[part.name] for frame in named])
            if len(set(places)) == 1:
                continue
            stops = _keyframes(places)
            name = found[part.name] = self._names.setdefault(f"{delay} {stops}", f"m{panel}-{number}")
            if name == f"m{panel}-{number}":
                self._rules.append(
                    f"@keyframes {name}{{{stops}}}.{name}{{animation:{name} {SECONDS}s linear {delay:g}s {times}}}"
                )
        return found

    def style(self) -> str:
        """Returns the rules."""
        if not self._rules:
            return ""
        endless = "#loop:target use{animation-iteration-count:infinite}"
        return f"@media(prefers-reduced-motion:no-preference){{{''.join(self._rules)}{endless}}}"


def _places(parts: list[Part]) -> list[str]:
    """Returns where a part stands in each frame; its turns go on from one another, never the long way round."""
    places = []
    angle = parts[-1].turn
    for part in reversed(parts):
        angle += turn(part.turn - angle)
        stretched = len({part.stretch for part in parts}) > 1
        scale = f" scale({part.stretch:.3f},1)" if stretched else ""
        places.append(f"translate({part.at.real:.1f}px,{-part.at.imag:.1f}px) rotate({-angle:.1f}deg){scale}")
    return places[::-1]


def _keyframes(places: list[str]) -> str:
    """Returns the stops on the way there and back, which start and end gently."""
    stops = {0: places[0], 100: places[0]}
    for number, place in enumerate(places):
        time = _gentle(number / (len(places) - 1))
        stops[round(_START + (_THERE - _START) * time)] = place
        stops[round(100 - (100 - _BACK) * time)] = place
    return "".join(f"{stop}%{{transform:{stops[stop]}}}" for stop in sorted(stops))


def _gentle(share: float) -> float:
    """Returns when a share of the way is done, by halving."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if middle * middle * (3 - 2 * middle) < share else (low, middle)
    return low
