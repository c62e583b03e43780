"""Questions to the exercise library. What a person's state forbids is never in an answer."""

import re
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import and_, case, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import Session

from library.models import Alias, Exercise, ExerciseArea, ExerciseCause, ExerciseEquipment, ExerciseRestriction
from library.restrictions import Restriction, read_restrictions
from library.terms import LEVELS, NO_EQUIPMENT

SIMILAR = 75  # of 100: how alike a misspelt name must be
LAST = 99  # after every place in a list


@dataclass(frozen=True)
class State:
    """What is known of a person.

    `hold` means that no exercise may be named. `causes` are the likely causes, the likeliest first.
    `restrictions` are names of data/restrictions.yml, `lacks` things that the person does not have.
    """

    hold: bool = False
    causes: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def stopped_by(self) -> Restriction | None:
        """The restriction, if any, that leaves no exercise at all."""
        known = read_restrictions()
        return next((known[name] for name in self.restrictions if known[name].everything), None)


@dataclass(frozen=True)
class Criteria:
    """What a person looks for; None and empty mean "any". Values are those of terms.py.

    `equipment` is all that is at hand, ("none",) for nothing at all; `minutes` is the time available.
    """

    area: str | None = None
    kind: str | None = None
    equipment: tuple[str, ...] = ()
    position: str | None = None
    minutes: float | None = None
    level: str | None = None
    cause: str | None = None
    warm_up: bool | None = None


@dataclass(frozen=True)
class Hit:
    """An exercise, and the names of the criteria it does not meet."""

    exercise: Exercise
    relaxed: tuple[str, ...] = field(default=())


UNKNOWN = State()
ANYTHING = Criteria()

# Given up last to first: a warm-up and the area matter most, the level least.
IMPORTANCE = ("warm_up", "area", "kind", "equipment", "cause", "position", "minutes", "level")


def search(session: Session, criteria: Criteria = ANYTHING, state: State = UNKNOWN) -> list[Hit]:
    """Ranks all permitted exercises by how well they meet the criteria; the order never varies.

    Those that meet every criterion come first. Where none does, the first ones are the nearest: they meet
    the most important criteria (see `IMPORTANCE`).

    Args:
        session: Of the library.
        criteria: What is looked for.
        state: What is known of the person; with a hold there is no answer at all.

    Returns:
        The hits, best first; empty only with a hold or an empty library.
    """
    wanted = _wanted(criteria)
    # Each criterion weighs more than all less important ones together.
    missed = [
        case((condition, 0), else_=2 ** (len(IMPORTANCE) - IMPORTANCE.index(name)))
        for name, condition in wanted.items()
    ]
    query = (
        select(Exercise, *(case((condition, 1), else_=0) for condition in wanted.values()))
        .where(_permitted(state, criteria.cause))
        .order_by(*([sum(missed[1:], missed[0])] if missed else []), *_preferences(session, criteria, state))
    )
    return [
        Hit(exercise, tuple(name for name, met in zip(wanted, flags, strict=True) if not met))
        for exercise, *flags in session.execute(query)
    ]


def left_out(session: Session, criteria: Criteria, state: State) -> list[str]:
    """Returns what keeps exercises that meet the criteria from the person.

    Args:
        session: Of the library.
        criteria: What is looked for.
        state: What is known of the person.

    Returns:
        Names of causes and restrictions, each of which forbids at least one of these exercises.
    """
    fitting = select(Exercise.slug).where(*_wanted(criteria).values())

    def keeps_any(conditions: list[Any]) -> bool:
        return session.scalars(fitting.where(or_(*conditions)).limit(1)).first() is not None

    causes = _forbidden_by_cause(state, criteria.cause)
    return [
        *(cause for cause, conditions in causes.items() if keeps_any(conditions)),
        *(name for name in state.restrictions if keeps_any([_is_restricted((name,))])),
    ]


def _wanted(criteria: Criteria) -> dict[str, Any]:
    return {name: _meets(name, value) for name in IMPORTANCE if (value := getattr(criteria, name))}


def _preferences(session: Session, criteria: Criteria, state: State) -> list[Any]:
    """Returns what decides among exercises that meet the same criteria."""
    order: list[Any] = []
    if criteria.equipment:
        order.append(case((_uses(criteria.equipment), 0), else_=1))
    if cause := criteria.cause or next(iter(state.causes), None):
        if cause == "hip_flexors":  # long, weak hamstrings want strength before anything else
            order.append(case((Exercise.kind == "strengthen", 0), else_=1))
        order.append(func.coalesce(_cause_place(cause), LAST))
    known = read_restrictions()
    first = [slug for name in state.restrictions for slug in known[name].first]
    if first:
        order.append(case({slug: n for n, slug in enumerate(dict.fromkeys(first))}, value=Exercise.slug, else_=LAST))
    order.append(Exercise.priority)
    if criteria.area:
        order.append(func.coalesce(_area_place(criteria.area), LAST))
    order.append(case({level: n for n, level in enumerate(LEVELS)}, value=Exercise.level))
    # By bytes, whatever the language of the database.
    order.append(Exercise.slug.collate("C" if session.get_bind().dialect.name == "postgresql" else "BINARY"))
    return order


def best(hits: list[Hit]) -> list[Hit]:
    """Returns the hits that are as near as the first one."""
    return [hit for hit in hits if hit.relaxed == hits[0].relaxed]


def by_slug(session: Session, slug: str, state: State = UNKNOWN) -> Exercise | None:
    """Returns the exercise of a slug; None if there is none or the state forbids it."""
    return session.scalars(select(Exercise).where(Exercise.slug == slug, _permitted(state, None))).first()


def by_name(session: Session, name: str, state: State = UNKNOWN) -> Exercise | None:
    """Returns the exercise that a person means by `name`: slug, name or alias, misspelt too.

    Returns:
        The exercise; None if nothing is like `name` or the state forbids what is meant.
    """
    slug = resolve_name(session, name)
    return by_slug(session, slug, state) if slug else None


def resolve_name(session: Session, name: str) -> str | None:
    """Returns the slug that `name` means, whether or not a state permits it; None if nothing is like it."""
    plain = _plain(name[:200])
    known = session.execute(select(Exercise.slug, Exercise.slug)).all()
    known += session.execute(select(Exercise.name, Exercise.slug)).all()
    known += session.execute(select(Alias.name, Alias.exercise_slug)).all()
    names = {_plain(said): slug for said, slug in known}
    if plain in names:
        return names[plain]
    found = process.extractOne(plain, sorted(names), scorer=fuzz.WRatio, score_cutoff=SIMILAR) if plain else None
    # Partial matches of WRatio need some substance: "a" is part of every name.
    return names[found[0]] if found and len(plain) >= 4 else None


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.lower().replace("'", "").replace("’", "")))


def _permitted(state: State, cause: str | None) -> Any:
    if state.hold or state.stopped_by:
        return false()
    forbidden = [condition for conditions in _forbidden_by_cause(state, cause).values() for condition in conditions]
    if state.restrictions:
        forbidden.append(_is_restricted(state.restrictions))
    if state.lacks:
        needed = ExerciseEquipment.optional.is_(False)
        had = ExerciseEquipment.equipment_name.not_in(state.lacks)
        forbidden.append(and_(_equipment(needed), not_(_equipment(needed, had))))
    return not_(or_(*forbidden)) if forbidden else true()


def _forbidden_by_cause(state: State, cause: str | None) -> dict[str, list[Any]]:
    """Returns what each cause forbids: the likeliest, the one looked for, and two that count wherever they stand."""
    causes = [*state.causes[:1], *([cause] if cause else [])]
    causes += [name for name in ("neural_tension", "hip_flexors") if name in state.causes]
    forbidden = {name: [_has_cause(name, "contraindicated")] for name in causes}
    if "hip_flexors" in forbidden:
        forbidden["hip_flexors"].append(Exercise.stretches_hamstring)
    if "neural_tension" in forbidden:
        forbidden["neural_tension"].append(Exercise.kind == "stretch")
    return forbidden


def _meets(name: str, value: Any) -> Any:
    if name == "area":
        return exists().where(ExerciseArea.exercise_slug == Exercise.slug, ExerciseArea.area_name == value)
    if name == "equipment":
        needs = _equipment(ExerciseEquipment.optional.is_(False))
        return not_(needs) if value == (NO_EQUIPMENT,) else or_(not_(needs), _uses(value))
    if name == "cause":
        return _has_cause(value, "suits")
    if name == "minutes":
        return Exercise.minutes <= value
    if name == "warm_up":
        return Exercise.warm_up
    return getattr(Exercise, name) == value


def _uses(equipment: tuple[str, ...]) -> Any:
    return _equipment(ExerciseEquipment.equipment_name.in_(equipment)) if equipment else false()


def _equipment(*conditions: Any) -> Any:
    return exists().where(and_(ExerciseEquipment.exercise_slug == Exercise.slug, *conditions))


def _has_cause(cause: str | None, effect: str) -> Any:
    return exists().where(
        ExerciseCause.exercise_slug == Exercise.slug,
        ExerciseCause.cause_slug == cause,
        ExerciseCause.effect == effect,
    )


def _is_restricted(names: tuple[str, ...]) -> Any:
    return exists().where(
        ExerciseRestriction.exercise_slug == Exercise.slug, ExerciseRestriction.restriction.in_(names)
    )


def _cause_place(cause: str | None) -> Any:
    return (
        select(ExerciseCause.position)
        .where(
            ExerciseCause.exercise_slug == Exercise.slug,
            ExerciseCause.cause_slug == cause,
            ExerciseCause.effect == "suits",
        )
        .scalar_subquery()
    )


def _area_place(area: str | None) -> Any:
    return (
        select(ExerciseArea.position)
        .where(ExerciseArea.exercise_slug == Exercise.slug, ExerciseArea.area_name == area)
        .scalar_subquery()
    )
