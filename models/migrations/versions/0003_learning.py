"""Learning"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "watch_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_watch_day")),
    )
    op.create_table(
        "learning_job",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", JSON, nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_learning_job_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_job")),
    )
    op.create_index("ix_learning_job_state", "learning_job", ["state", "id"], unique=False)
    op.create_table(
        "model",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("card", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("checks", JSON, nullable=False),
        sa.Column("shadow_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_model_created_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["user.id"], name=op.f("fk_model_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
        sa.UniqueConstraint("name", name=op.f("uq_model_name")),
    )
    op.create_index(op.f("ix_model_role"), "model", ["role"], unique=False)
    op.create_table(
        "model_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_event_model_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_model_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_event")),
    )
    op.create_index(op.f("ix_model_event_model_id"), "model_event", ["model_id"], unique=False)
    op.create_table(
        "label",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("item", JSON, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("flag", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("types", JSON, nullable=False),
        sa.Column("province", sa.String(), nullable=True),
        sa.Column("setting", sa.String(), nullable=True),
        sa.Column("age", sa.String(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("story", sa.String(), nullable=True),
        sa.Column("said", JSON, nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("chance", sa.Double(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_label_article_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_label_user_id")),
        sa.ForeignKeyConstraint(["version_id"], ["article_version.id"], name=op.f("fk_label_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
    )
    op.create_index(op.f("ix_label_article_id"), "label", ["article_id"], unique=False)
    op.create_index("ix_label_key", "label", ["key", "id"], unique=False)
    op.create_table(
        "shadow_verdict",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("flag", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("types", JSON, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_shadow_verdict_article_id")),
        sa.ForeignKeyConstraint(["version_id"], ["article_version.id"], name=op.f("fk_shadow_verdict_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow_verdict")),
        sa.UniqueConstraint("version_id", "model", name=op.f("uq_shadow_verdict_version_id_model")),
    )
    op.create_index(op.f("ix_shadow_verdict_article_id"), "shadow_verdict", ["article_id"], unique=False)
    op.create_index(op.f("ix_shadow_verdict_judged_at"), "shadow_verdict", ["judged_at"], unique=False)
    op.create_table(
        "reading_pick",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_reading_pick_article_id")),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name=op.f("fk_reading_pick_label_id")),
        sa.ForeignKeyConstraint(["version_id"], ["article_version.id"], name=op.f("fk_reading_pick_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_pick")),
        sa.UniqueConstraint("day", "article_id", name=op.f("uq_reading_pick_day_article_id")),
    )
    op.create_index(op.f("ix_reading_pick_article_id"), "reading_pick", ["article_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reading_pick_article_id"), table_name="reading_pick")
    op.drop_table("reading_pick")
    op.drop_index(op.f("ix_shadow_verdict_judged_at"), table_name="shadow_verdict")
    op.drop_index(op.f("ix_shadow_verdict_article_id"), table_name="shadow_verdict")
    op.drop_table("shadow_verdict")
    op.drop_index("ix_label_key", table_name="label")
    op.drop_index(op.f("ix_label_article_id"), table_name="label")
    op.drop_table("label")
    op.drop_index(op.f("ix_model_event_model_id"), table_name="model_event")
    op.drop_table("model_event")
    op.drop_index(op.f("ix_model_role"), table_name="model")
    op.drop_table("model")
    op.drop_index("ix_learning_job_state", table_name="learning_job")
    op.drop_table("learning_job")
    op.drop_table("watch_day")
