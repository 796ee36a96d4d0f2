"""Texts kept: which versions still hold a body, by age"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

WHOLE = sa.text("body <> ''")


def upgrade() -> None:
    op.create_index(
        "ix_article_version_whole", "article_version", ["fetched_at"], sqlite_where=WHOLE, postgresql_where=WHOLE
    )


def downgrade() -> None:
    op.drop_index("ix_article_version_whole", table_name="article_version")
