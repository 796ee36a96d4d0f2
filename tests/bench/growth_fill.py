"""Millions of invented articles, made by the database itself from one day's texts: tens of thousands of rows a second.

Every day has the same `PER_DAY` texts under other numbers. One in four of the first `WHOLE` articles stands with its
whole text, the others with headline and sapo alone, as most pages of an archive that keeps what it needs.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    case,
    cast,
    insert,
    literal,
    select,
)
from sqlalchemy import Column as Col

from models.fold import exact, fold
from models.migrations import search_index
from models.session import Store
from models.store import outlets, runs
from models.tables import Article, ArticleAddress, ArticleVersion, Base, Place, SearchText, Verdict
from tests.bench.bench_search import vocabulary

START = datetime(2024, 1, 1, 1, tzinfo=UTC)
PER_DAY = 10_000
WHOLE = 1_000_000
LONG, SHORT, TITLE = 200, 30, 10
"""Words: a page's text is about as long as the sample papers', a headline and its sapo as those of feeds."""
OUTLETS, PLACED, FLAGGED = 300, 10, 100
MODEL = "bench"
FILLED = (Article, ArticleAddress, ArticleVersion, SearchText, Verdict, Place)
Values = dict[str, ColumnElement[Any]]

TEXTS = Table(
    "bench_text",
    MetaData(),
    Col("k", Integer, primary_key=True),
    Col("long", Boolean),
    Col("title", Text),
    Col("sapo", Text),
    Col("body", Text),
    *(Col(name, Text) for name in ("folded", "exact", "short_folded", "short_exact")),
    Col("outlet", String),
)


def prepare(store: Store) -> None:
    """Outlets, a run, and the texts of one day."""
    with store.write() as session:
        for number in range(OUTLETS):
            home = f"https://bao-{number}.example"
            outlets.keep(session, id=f"bao_{number}", title=f"Báo {number}", home=home, province=None)
        runs.start(session, day=START.date(), at=START)
    words, weights = vocabulary()
    share, rng = np.array(weights) / weights[-1], np.random.default_rng(7)
    rows = []
    for k in range(PER_DAY):
        long = k % 4 == 0
        picked = np.searchsorted(share, rng.random(LONG if long else SHORT), side="right").tolist()
        drawn = [words[place] for place in picked]
        whole, short = " ".join(drawn), " ".join(drawn[:SHORT])
        rows.append(
            {
                "k": k,
                "long": long,
                "title": " ".join(drawn[:TITLE]),
                "sapo": " ".join(drawn[TITLE:SHORT]),
                "body": " ".join(drawn[SHORT:]),
                "folded": fold(whole),
                "exact": exact(whole),
                "short_folded": fold(short),
                "short_exact": exact(short),
                "outlet": f"bao_{rng.integers(OUTLETS)}",
            }
        )
    TEXTS.create(store.engine)
    with store.write() as session:
        session.execute(insert(TEXTS), rows)


def fill(store: Store, there: int, count: int, kinds: Collection[type[Base]] = FILLED) -> int:
    """Articles numbered beyond `there`, up to `count`, in whole days; returns the rows. Indexes are built afterwards,
    as anybody would who moves millions of rows into a database. `kinds`: only these tables."""
    rows = 0
    with _without_indexes(store, kinds), store.engine.connect() as connection:
        _hurry(connection)
        for first in range(there, count, PER_DAY):
            for kind, values in _day(first).items():
                if kind not in kinds:
                    continue
                made = select(*(value.label(name) for name, value in values.items())).select_from(TEXTS)
                if kind is Place:
                    made = made.where(TEXTS.c.k % PLACED == 0)
                connection.execute(insert(kind).from_select(list(values), made))
                rows += PER_DAY // PLACED if kind is Place else PER_DAY
            connection.commit()
    return rows


def _day(first: int) -> dict[type[Base], Values]:
    """What is said of each article of the day, in terms of its text."""
    seen = START + timedelta(days=first // PER_DAY)
    number, text = literal(first, Integer) + TEXTS.c.k + 1, TEXTS.c
    whole = text.long if first < WHOLE else literal(False, Boolean)
    flag = text.k % FLAGGED == 0
    page = "https://bao-mau.example/tin-moi-trong-ngay-" + cast(number, String)

    def both(of: type[Base], /, **given: object) -> Values:
        return {
            name: value if isinstance(value, ColumnElement) else literal(value, of.__table__.c[name].type)
            for name, value in given.items()
        }

    ids = {"id": number, "article_id": number, "version_id": number}
    read = dict.fromkeys(("version_id", "verdict_id", "indexed_version_id", "judged_version_id"), number)
    return {
        Article: both(
            Article,
            id=number,
            outlet_id=text.outlet,
            url=page,
            day=seen.date(),
            first_seen_at=seen,
            published_at=seen - timedelta(minutes=20),
            in_feed=seen,
            page="read",
            score=case((flag, 0.9), else_=0.01),
            judged_model=MODEL,
            grouped_verdict_id=number,
            place_id=case((text.k % PLACED == 0, number)),
            **read,
        ),
        ArticleAddress: {"identity": page, "article_id": number},
        ArticleVersion: both(
            ArticleVersion,
            id=number,
            article_id=number,
            number=1,
            origin="page",
            run_id=1,
            fetched_at=seen,
            sha256="0123456789abcdef0123456789abcdef0123456789abcdef01234567" + cast(number, String),
            title=text.title,
            sapo=text.sapo,
            body=case((whole, text.body), else_=""),
            provenance={"title": "h1", "body": "article p"},
        ),
        SearchText: both(
            SearchText,
            article_id=number,
            version_id=number,
            folded=case((whole, text.folded), else_=text.short_folded),
            exact=case((whole, text.exact), else_=text.short_exact),
        ),
        Verdict: both(
            Verdict,
            **ids,
            model=MODEL,
            judged_at=seen,
            score=case((flag, 0.9), else_=0.01),
            flag=flag,
            kind="vu_viec",
            types={"bao_luc": 0.4, "xam_hai_tinh_duc": 0.02},
            evidence=[],
            exposes_child=[],
            reason="",
        ),
        Place: both(
            Place,
            **ids,
            finder="bench",
            era="new",
            old_codes=[],
            new_codes=["00160"],
            new_province="01",
            words="",
            confidence=0.9,
        ),
    }


def _hurry(connection: Connection) -> None:
    """A bench may lose its rows in a power cut, and made them so that every reference holds."""
    if connection.dialect.name == "sqlite":
        connection.rollback()
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
            connection.connection.driver_connection.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")


@contextmanager
def _without_indexes(store: Store, kinds: Collection[type[Base]]) -> Iterator[None]:
    indexes = [index for kind in kinds for index in Base.metadata.tables[kind.__tablename__].indexes]
    late = [words for words in search_index.POSTGRESQL_UP if words.startswith("CREATE INDEX")]
    late = late if store.engine.dialect.name == "postgresql" and SearchText in kinds else []
    with store.engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
        for words in late:
            connection.exec_driver_sql(words.replace("CREATE INDEX", "DROP INDEX").split(" ON ")[0])
    yield
    with store.engine.begin() as connection:
        if late:
            connection.exec_driver_sql("SET maintenance_work_mem = '1GB'")
        for index in indexes:
            index.create(connection)
        for words in late:
            connection.exec_driver_sql(words)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def remove_texts(store: Store) -> None:
    TEXTS.drop(store.engine)
