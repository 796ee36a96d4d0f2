"""Rows for tests: outlets, runs, articles with verdicts, stories and decisions, all invented."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.clock import VIET_NAM
from models.session import Store
from models.store import runs
from models.store.review import Choice, decide
from models.tables import (
    Article,
    ArticleAddress,
    ArticleVersion,
    FeedState,
    Outlet,
    Place,
    Story,
    StoryArticle,
    User,
    Verdict,
)

DAY = date(2026, 11, 21)
BODY = "Chiều hôm qua, người dân báo tin. Bé Na ở tổ 3 kể lại sự việc. Công an đang xác minh."


def moment(day: date, hour: int = 6, minute: int = 42) -> datetime:
    return datetime.combine(day, time(hour, minute), VIET_NAM).astimezone(UTC)


@dataclass
class Maker:
    """Adds rows in transactions of their own; every default can be replaced by name."""

    store: Store
    number: int = 0
    users: dict[str, int] = field(default_factory=dict)

    def user(self, name: str = "thu") -> int:
        if name not in self.users:
            with self.store.write() as session:
                row = User(name=name, display=f"Cán bộ {name}", role="officer", created_at=moment(DAY))
                session.add(row)
                session.flush()
                self.users[name] = row.id
        return self.users[name]

    def outlet(self, session: Session, name: str) -> str:
        if session.get(Outlet, name) is None:
            session.add(Outlet(id=name, title=f"Báo {name.title()}", home=f"https://{name}.example/", province=None))
            session.flush()
        return name

    def outlet_of(self, name: str) -> str:
        with self.store.write() as session:
            return self.outlet(session, name)

    def rename(self, article_id: int, *, url: str) -> None:
        with self.store.write() as session:
            session.get_one(Article, article_id).url = url

    def run(self, day: date = DAY, *, ok: int = 3, failed: tuple[str, ...] = (), read: int = 12, hour: int = 6) -> int:
        with self.store.write() as session:
            for name in failed:
                self.outlet(session, name)
            run_id = runs.start(session, day=day, at=moment(day, hour, 0))
            counters = {
                "outlets_ok": ok,
                "outlets_failed": len(failed),
                "failed": list(failed),
                "articles_read": read,
                "entries_seen": read * 10,
                "judged": read * 10,
            }
            runs.finish(session, run_id, at=moment(day, hour, 5), counters=counters)
            return run_id

    def feed_state(self, outlet: str, *, health: str, day: date = DAY, error: str | None = None) -> None:
        with self.store.write() as session:
            session.add(
                FeedState(
                    url=f"https://{outlet}.example/rss",
                    outlet_id=outlet,
                    kind="feed",
                    health=health,
                    error=error,
                    polled_at=moment(day),
                )
            )

    def article(self, *, day: date = DAY, outlet: str = "mau", place: dict[str, Any] | None = None, **said: Any) -> int:
        """Id of a new article with a page version and a verdict; `said` replaces fields of the verdict."""
        self.number += 1
        number = self.number
        with self.store.write() as session:
            run_id = runs.start(session, day=day, at=moment(day))
            url = f"https://{self.outlet(session, outlet)}.example/bai-{number}.html"
            seen = moment(day) + timedelta(minutes=3 + number % 50)
            row = Article(
                outlet_id=outlet, url=url, day=day, first_seen_at=seen, published_at=moment(day), page="read", score=0.9
            )
            session.add(row)
            session.flush()
            session.add(ArticleAddress(identity=f"{outlet}:{number}", article_id=row.id))
            version = ArticleVersion(
                article_id=row.id,
                number=1,
                origin="page",
                run_id=run_id,
                fetched_at=seen,
                sha256=f"{number:064x}",
                title=f"Đầu đề {number} của báo, có tên bé Na",
                sapo="",
                body=BODY,
                provenance={},
            )
            session.add(version)
            session.flush()
            verdict = Verdict(
                **(
                    {
                        "version_id": version.id,
                        "article_id": row.id,
                        "model": "mau-1",
                        "judged_at": seen,
                        "score": 0.9,
                        "flag": True,
                        "kind": "vu_viec",
                        "types": {"bao_luc": 0.9},
                        "language": "vi",
                        "evidence": [["text", 34, 64]],
                        "exposes_child": [["text", 34, 39], ["text", 42, 46]],
                        "reason": "",
                    }
                    | said
                )
            )
            session.add(verdict)
            session.flush()
            row.version_id, row.verdict_id = version.id, verdict.id
            if place is not None:
                row.place_id = self._place(session, row.id, version.id, place)
            return row.id

    def _place(self, session: Session, article_id: int, version_id: int, said: dict[str, Any]) -> int:
        values: dict[str, Any] = {
            "era": "new",
            "old_codes": [],
            "new_codes": [],
            "words": "ở xã Mẫu",
            "confidence": 0.9,
        } | said
        found = Place(version_id=version_id, article_id=article_id, finder="mau", **values)
        session.add(found)
        session.flush()
        return found.id

    def story(
        self, *articles: int, day: date = DAY, action: str | None = None, added: datetime | None = None, **choice: Any
    ) -> int:
        """Id of a story of these articles (a new one of the day if none), decided upon if an action is named."""
        members = articles or (self.article(day=day),)
        with self.store.write() as session:
            row = Story(day=day, created_at=moment(day), decision_id=None)
            session.add(row)
            session.flush()
            for article in members:
                session.add(
                    StoryArticle(story_id=row.id, article_id=article, main=True, added_at=added or moment(day, 7))
                )
            story_id = row.id
        if action is not None:
            self.decide(story_id, members[0], action, **choice)
        return story_id

    def decide(self, story_id: int, article_id: int, action: str, **choice: Any) -> None:
        user = self.user()
        with self.store.write() as session:
            article = session.get_one(Article, article_id)
            assert article.version_id is not None
            values = {"seen_id": session.get_one(Story, story_id).decision_id} | choice
            picked = Choice(
                action=action,
                article_id=article_id,
                version_id=article.version_id,
                verdict_id=article.verdict_id,
                **values,
            )
            decide(session, story_id, picked, user_id=user, now=moment(article.day, 7, 15))
