"""Tables of the exercise library."""

from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Integer, MetaData, String, Text, false
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.orm import declarative_base, relationship

from library.terms import KINDS, LEVELS, POSITIONS

# Names for all constraints: migrations can then change them on any database.
Base: Any = declarative_base(
    metadata=MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
)


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _exercise_key(primary: bool = True) -> Column:
    return Column(
        ForeignKey("exercise.slug", ondelete="CASCADE"), primary_key=primary, nullable=False, index=not primary
    )


def _link() -> Column:
    # Deferred: two exercises may name each other.
    return Column(ForeignKey("exercise.slug", deferrable=True, initially="DEFERRED", ondelete="SET NULL"))


def _owned(model: str, order: str) -> Any:
    return relationship(model, order_by=f"{model}.{order}", cascade="all, delete-orphan", passive_deletes=True)


class Area(Base):
    """A part of the body."""

    __tablename__ = "area"
    name = Column(String(40), primary_key=True)


class Equipment(Base):
    """A thing an exercise may need."""

    __tablename__ = "equipment"
    name = Column(String(40), primary_key=True)


class Cause(Base):
    """A cause of tight hamstrings."""

    __tablename__ = "cause"
    slug = Column(String(40), primary_key=True)


class Exercise(Base):
    """An exercise with all that a person needs to do it."""

    __tablename__ = "exercise"
    __table_args__ = (
        _one_of("kind", KINDS),
        _one_of("position", POSITIONS),
        _one_of("level", LEVELS),
        CheckConstraint("sides IN (1, 2)", name="sides_one_or_two"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("hold_seconds > 0", name="hold_positive"),
        CheckConstraint("hold_seconds_max > hold_seconds", name="hold_range"),
        CheckConstraint("repetitions > 0", name="repetitions_positive"),
        CheckConstraint(
            "hold_seconds IS NOT NULL OR repetitions IS NOT NULL OR dose_minutes IS NOT NULL", name="dose_known"
        ),
        CheckConstraint("times_a_day > 0 OR every_minutes > 0", name="how_often_known"),
        CheckConstraint("days_a_week BETWEEN 1 AND 7", name="days_a_week_range"),
        CheckConstraint("progression_slug <> slug AND regression_slug <> slug", name="links_elsewhere"),
    )

    slug = Column(String(60), primary_key=True)
    name = Column(String(60), nullable=False, unique=True)
    purpose = Column(String(120), nullable=False)
    kind = Column(String(20), nullable=False, index=True)
    position = Column(String(20), nullable=False, index=True)
    level = Column(String(20), nullable=False)
    priority = Column(Integer, nullable=False)
    stretches_hamstring = Column(Boolean, nullable=False)
    warm_up = Column(Boolean, nullable=False, server_default=false())
    minutes = Column(Integer, nullable=False)  # for all sides and repetitions

    hold_seconds = Column(Integer)
    hold_seconds_max = Column(Integer)
    sides = Column(Integer, nullable=False)
    repetitions = Column(Integer)
    dose_minutes = Column(Integer)
    times_a_day = Column(Integer)
    days_a_week = Column(Integer)
    every_minutes = Column(Integer)
    dose_note = Column(Text)

    feel = Column(Text, nullable=False)
    cues = Column(JSON, nullable=False)
    mistakes = Column(JSON, nullable=False)
    stop_if = Column(JSON, nullable=False)
    avoid_if = Column(JSON, nullable=False)
    source_name = Column(Text, nullable=False)
    source_url = Column(Text)
    progression_slug = _link()
    regression_slug = _link()

    alias_rows = _owned("Alias", "position")
    step_rows = _owned("Step", "position")
    area_rows = _owned("ExerciseArea", "position")
    equipment_rows = _owned("ExerciseEquipment", "position")
    cause_rows = _owned("ExerciseCause", "position")
    restriction_rows = _owned("ExerciseRestriction", "restriction")

    aliases = association_proxy("alias_rows", "name")
    steps = association_proxy("step_rows", "text")
    areas = association_proxy("area_rows", "area_name")

    @property
    def equipment(self) -> list[str]:
        """Things of which any one is needed; empty for none."""
        return [row.equipment_name for row in self.equipment_rows if not row.optional]

    @property
    def optional_equipment(self) -> list[str]:
        """Things that help."""
        return [row.equipment_name for row in self.equipment_rows if row.optional]


class Alias(Base):
    """Another name of an exercise."""

    __tablename__ = "alias"
    name = Column(String(80), primary_key=True)
    exercise_slug = _exercise_key(primary=False)
    position = Column(Integer, nullable=False)


class Step(Base):
    """One instruction; positions count from 1."""

    __tablename__ = "step"
    __table_args__ = (CheckConstraint("position > 0", name="position_from_one"),)
    exercise_slug = _exercise_key()
    position = Column(Integer, primary_key=True, autoincrement=False)
    text = Column(Text, nullable=False)


class ExerciseArea(Base):
    """An area an exercise serves; position 1 is the one it serves most."""

    __tablename__ = "exercise_area"
    exercise_slug = _exercise_key()
    area_name = Column(ForeignKey("area.name"), primary_key=True)
    position = Column(Integer, nullable=False)


class ExerciseEquipment(Base):
    """A thing an exercise needs (any one of them is enough) or may use (optional)."""

    __tablename__ = "exercise_equipment"
    exercise_slug = _exercise_key()
    equipment_name = Column(ForeignKey("equipment.name"), primary_key=True)
    optional = Column(Boolean, nullable=False)
    position = Column(Integer, nullable=False)


class ExerciseCause(Base):
    """A cause that an exercise suits, or for which it is contraindicated."""

    __tablename__ = "exercise_cause"
    __table_args__ = (_one_of("effect", ("suits", "contraindicated")),)
    exercise_slug = _exercise_key()
    cause_slug = Column(ForeignKey("cause.slug"), primary_key=True)
    effect = Column(String(20), nullable=False)
    position = Column(Integer, nullable=False)


class ExerciseRestriction(Base):
    """A restriction of data/restrictions.yml that leaves the exercise out."""

    __tablename__ = "exercise_restriction"
    exercise_slug = _exercise_key()
    restriction = Column(String(40), primary_key=True)
