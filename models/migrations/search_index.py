"""The full-text indexes, which the table types cannot describe.

SQLite: FTS5 with external content (sqlite.org/fts5.html#external_content_tables); words are already folded, so its
own removal of diacritics is off. PostgreSQL: GIN over stored `to_tsvector('simple', …)`, which leaves words as
they are; computed at query time instead, a common word took seconds.
"""

from sqlalchemy import Connection

PREFIX = "fts_"
"""Names of what is made here begin so; a comparison of tables and metadata leaves them out."""

SQLITE_UP = (
    (
        "CREATE VIRTUAL TABLE fts_text USING fts5(folded, exact, content='search_text', content_rowid='article_id',"
        ' tokenize="unicode61 remove_diacritics 0")'
    ),
    (
        "CREATE TRIGGER fts_added AFTER INSERT ON search_text BEGIN"
        " INSERT INTO fts_text(rowid, folded, exact) VALUES (new.article_id, new.folded, new.exact); END"
    ),
    (
        "CREATE TRIGGER fts_removed AFTER DELETE ON search_text BEGIN"
        " INSERT INTO fts_text(fts_text, rowid, folded, exact) VALUES ('delete', old.article_id,"
        " old.folded, old.exact);"
        " END"
    ),
    (
        "CREATE TRIGGER fts_changed AFTER UPDATE ON search_text BEGIN"
        " INSERT INTO fts_text(fts_text, rowid, folded, exact) VALUES ('delete', old.article_id,"
        " old.folded, old.exact);"
        " INSERT INTO fts_text(rowid, folded, exact) VALUES (new.article_id, new.folded, new.exact); END"
    ),
)
SQLITE_DOWN = (
    "DROP TRIGGER fts_added",
    "DROP TRIGGER fts_removed",
    "DROP TRIGGER fts_changed",
    "DROP TABLE fts_text",
)
POSTGRESQL_UP = (
    "ALTER TABLE search_text ADD COLUMN fts_folded tsvector GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED",
    "ALTER TABLE search_text ADD COLUMN fts_exact tsvector GENERATED ALWAYS AS (to_tsvector('simple', exact)) STORED",
    "CREATE INDEX fts_by_folded ON search_text USING gin (fts_folded)",
    "CREATE INDEX fts_by_exact ON search_text USING gin (fts_exact)",
)
POSTGRESQL_DOWN = (
    "ALTER TABLE search_text DROP COLUMN fts_folded",
    "ALTER TABLE search_text DROP COLUMN fts_exact",
)


def create(connection: Connection) -> None:
    for statement in POSTGRESQL_UP if connection.dialect.name == "postgresql" else SQLITE_UP:
        connection.exec_driver_sql(statement)


def drop(connection: Connection) -> None:
    for statement in POSTGRESQL_DOWN if connection.dialect.name == "postgresql" else SQLITE_DOWN:
        connection.exec_driver_sql(statement)


def is_ours(name: str | None) -> bool:
    return bool(name) and str(name).startswith(PREFIX)
