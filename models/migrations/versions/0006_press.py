"""Press"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SEEN = ("indexed_version_id", "judged_version_id", "judged_model", "grouped_verdict_id")
WAITING = {
    "unindexed": ("id", "coalesce(indexed_version_id, 0) != version_id AND same_as IS NULL"),
    "unjudged": ("version_id", "coalesce(judged_version_id, 0) != version_id AND same_as IS NULL"),
    "ungrouped": ("id", "coalesce(grouped_verdict_id, 0) != verdict_id AND same_as IS NULL"),
}
STANDING = (
    "UPDATE article SET indexed_version_id = (SELECT version_id FROM search_text WHERE article_id = article.id)",
    """UPDATE article SET judged_version_id = verdict.version_id, judged_model = verdict.model
    FROM verdict WHERE verdict.id = article.verdict_id""",
    """UPDATE article SET grouped_verdict_id = verdict_id
    WHERE EXISTS (SELECT 1 FROM story_article WHERE story_article.article_id = article.id)""",
)
"""What had been done by then. Articles in no story are looked at once more."""


def upgrade() -> None:
    for name in SEEN:
        op.add_column("article", sa.Column(name, sa.String() if name == "judged_model" else sa.Integer()))
    for statement in STANDING:
        op.execute(statement)
    op.create_index("ix_article_judged_model_version_id", "article", ["judged_model", "version_id"])
    for name, (column, words) in WAITING.items():
        where = sa.text(words)
        op.create_index(f"ix_article_{name}", "article", [column], sqlite_where=where, postgresql_where=where)
    op.create_index(
        "ix_verdict_flagged",
        "verdict",
        ["article_id"],
        sqlite_where=sa.text("flag IS 1"),
        postgresql_where=sa.text("flag IS true"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_reminder_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "report", "before", "days", "subscription_id", name=op.f("uq_reminder_report_before_days_subscription_id")
        ),
    )
    op.create_index("ix_reminder_state_next_at", "reminder", ["state", "next_at"])


def downgrade() -> None:
    op.drop_table("reminder")
    op.drop_index("ix_verdict_flagged", "verdict")
    for name in WAITING:
        op.drop_index(f"ix_article_{name}", "article")
    op.drop_index("ix_article_judged_model_version_id", "article")
    for name in SEEN:
        op.drop_column("article", name)
