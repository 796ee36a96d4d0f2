"""Review"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "desk_contact",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name=op.f("fk_desk_contact_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_contact")),
        sa.UniqueConstraint("unit", "office", name=op.f("uq_desk_contact_unit_office")),
    )
    op.create_table(
        "outlet_choice",
        sa.Column("outlet_id", sa.String(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("declaration", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_outlet_choice_changed_by")),
        sa.PrimaryKeyConstraint("outlet_id", name=op.f("pk_outlet_choice")),
    )
    op.create_table(
        "house_rule",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "value", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_house_rule_changed_by")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_house_rule")),
    )


def downgrade() -> None:
    op.drop_table("house_rule")
    op.drop_table("outlet_choice")
    op.drop_table("desk_contact")
