"""Reasons"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "reject_reason",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_reject_reason_changed_by")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_reject_reason")),
    )
    with op.batch_alter_table("decision", recreate="never") as table:
        table.add_column(sa.Column("reason_words", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("decision", recreate="never") as table:
        table.drop_column("reason_words")
    op.drop_table("reject_reason")
