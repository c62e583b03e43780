"""What rules exercises out, and which belong before sport."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies it."""
    op.create_table(
        "exercise_restriction",
        sa.Column("exercise_slug", sa.String(length=60), nullable=False),
        sa.Column("restriction", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["exercise_slug"],
            ["exercise.slug"],
            name=op.f("fk_exercise_restriction_exercise_slug_exercise"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("exercise_slug", "restriction", name=op.f("pk_exercise_restriction")),
    )
    # Not in a batch: SQLite adds a column in place, while a batch would rebuild the table and take its rows along.
    op.add_column("exercise", sa.Column("warm_up", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("exercise", "warm_up")
    op.drop_table("exercise_restriction")
