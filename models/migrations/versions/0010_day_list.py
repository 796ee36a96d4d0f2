"""The day's list: PostgreSQL finds the articles of a day in their index alone"""

from alembic import op

revision = "0010"
down_revision = "0009"

INDEX, COLUMNS = "ix_article_day_score", ["day", "score"]


def upgrade() -> None:
    """SQLite has the id in every index."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, table_name="article")
        op.create_index(INDEX, "article", COLUMNS, postgresql_include=["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, table_name="article")
        op.create_index(INDEX, "article", COLUMNS)
