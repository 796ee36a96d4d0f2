"""A small morning of invented papers, places of the real map, and nobody who exists. All texts are ours (samples)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.clock import day_of
from models.session import Store
from models.store import users
from models.tables import (
    Article,
    ArticleVersion,
    FeedState,
    Outlet,
    Place,
    Run,
    Story,
    StoryArticle,
    User,
    Verdict,
)

NOW = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
"""Half past seven on a Saturday morning in Viet Nam."""
PASSWORD = "một câu dễ nhớ 2026"
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
OUTLETS = {"bao-mau": "Báo Mẫu", "tin-mau": "Tin Mẫu", "dat-mau": "Đất Mẫu Online"}


@dataclass
class Telling:
    """One article to store; what is not said stays as a quiet default."""

    title: str
    sapo: str = "Sapo mẫu."
    body: str = "Đoạn một của bài mẫu.\nĐoạn hai của bài mẫu."
    outlet: str = "bao-mau"
    url: str = ""
    score: float = 0.9
    flag: bool = True
    kind: str | None = "vu_viec"
    types: dict[str, float] = field(default_factory=lambda: {"bao_luc": 0.93})
    setting: str | None = "nha_truong_mam_non"
    age: str | None = "0_5"
    danger_now: bool | None = None
    evidence: list[Any] = field(default_factory=list)
    exposes: list[Any] = field(default_factory=list)
    reason: str = "Nêu người trông trẻ bị nghi đánh trẻ."
    new_codes: list[str] = field(default_factory=lambda: ["00160"])
    province: str | None = "01"
    hours_ago: float = 1.0
    main: bool = True


def add_user(session: Session, name: str, role: str, *, password_hash: str | None = None) -> User:
    return users.add_user(
        session, name=name, display=f"Người {name.upper()}", role=role, now=NOW, password_hash=password_hash
    )


def add_house(session: Session) -> int:
    """Outlets, one run; returns the run's id."""
    run = Run(
        day=day_of(NOW), started_at=NOW - timedelta(hours=1), finished_at=NOW - timedelta(minutes=20), counters={}
    )
    session.add(run)
    for id_, title in OUTLETS.items():
        session.add(Outlet(id=id_, title=title, home=f"https://{id_}.example/", province=None))
    session.flush()
    for id_, health, status, error in (
        ("bao-mau", "ok", 200, None),
        ("tin-mau", "ok", 200, None),
        ("dat-mau", "failed", 503, "HTTP 503"),
    ):
        session.add(
            FeedState(
                url=f"https://{id_}.example/rss",
                outlet_id=id_,
                kind="feed",
                health=health,
                status=status,
                error=error,
                polled_at=NOW - timedelta(minutes=25),
                good_at=NOW - timedelta(minutes=25) if health == "ok" else None,
                entries=20,
                failures=0 if health == "ok" else 3,
            )
        )
    session.flush()
    return run.id


def add_article(session: Session, run_id: int, telling: Telling, number: int) -> Article:
    seen = NOW - timedelta(hours=telling.hours_ago)
    article = Article(
        outlet_id=telling.outlet,
        url=telling.url or f"https://{telling.outlet}.example/bai-{number}.html",
        day=day_of(seen),
        first_seen_at=seen,
        published_at=seen - timedelta(minutes=10),
        page="read",
        score=telling.score,
    )
    session.add(article)
    session.flush()
    version = add_version(session, run_id, article, telling, number=1, at=seen)
    verdict = Verdict(
        version_id=version.id,
        article_id=article.id,
        model="mau-1",
        judged_at=seen,
        score=telling.score,
        flag=telling.flag,
        kind=telling.kind,
        types=telling.types,
        setting=telling.setting,
        stage="dang_xac_minh_dieu_tra",
        age=telling.age,
        age_basis=None,
        sex="khong_ro",
        victims=1,
        relation="nguoi_trong_tre",
        danger_now=telling.danger_now,
        language="vi",
        evidence=telling.evidence,
        exposes_child=telling.exposes,
        reason=telling.reason,
    )
    place = Place(
        version_id=version.id,
        article_id=article.id,
        finder="mau",
        commune=None,
        district=None,
        province="Hà Nội",
        era="new",
        old_codes=[],
        new_codes=telling.new_codes,
        old_province=None,
        new_province=telling.province,
        words="Hà Nội",
        confidence=0.9,
    )
    session.add_all([verdict, place])
    session.flush()
    article.version_id, article.verdict_id, article.place_id = version.id, verdict.id, place.id
    return article


def add_version(
    session: Session, run_id: int, article: Article, telling: Telling, *, number: int, at: datetime
) -> ArticleVersion:
    version = ArticleVersion(
        article_id=article.id,
        number=number,
        origin="page",
        run_id=run_id,
        fetched_at=at,
        sha256=f"{article.id}-{number}",
        title=telling.title,
        sapo=telling.sapo,
        body=telling.body,
        provenance={},
    )
    session.add(version)
    session.flush()
    return version


def add_story(session: Session, run_id: int, *tellings: Telling) -> int:
    """A story of these articles; the id of the story."""
    articles = [add_article(session, run_id, telling, number) for number, telling in enumerate(tellings, 1)]
    story = Story(day=min(article.day for article in articles), created_at=NOW)
    session.add(story)
    session.flush()
    for article, telling in zip(articles, tellings, strict=True):
        article.url = telling.url or f"https://{telling.outlet}.example/tin-{story.id}-{article.id}.html"
        session.add(StoryArticle(story_id=story.id, article_id=article.id, main=telling.main, added_at=NOW))
    session.flush()
    return story.id


CARER = Telling(
    title="Nghi bảo mẫu mẫu đánh trẻ ở nhóm lớp",
    sapo="Phụ huynh mẫu phản ánh con bị đánh.",
    body=(
        "Sáng nay phụ huynh của một nhóm lớp mẫu phản ánh với báo.\n"
        "Người trông trẻ bị nghi dùng thước đánh vào tay trẻ nhiều lần.\n"
        "Công an phường đã mời người này làm việc."
    ),
    danger_now=True,
    score=0.97,
    evidence=[["text", 58, 122], ["title", 5, 22], ["text", 100, 130], ["text", 900, 950], ["text", -3, 4], "hỏng"],
    exposes=[["text", 9, 18]],
)


def fill(store: Store) -> dict[str, int]:
    """The usual morning; ids of its stories by name."""
    with store.write() as session:
        run_id = add_house(session)
        return {
            "carer": add_story(
                session,
                run_id,
                CARER,
                Telling(title="Công an làm rõ vụ nhóm lớp mẫu", outlet="tin-mau", score=0.8, hours_ago=0.6),
            ),
            "online": add_story(
                session,
                run_id,
                Telling(
                    title="Cảnh báo người lạ gạ gẫm trẻ qua mạng",
                    types={"xam_hai_tinh_duc": 0.8},
                    setting="tren_mang",
                    age="13_15",
                    outlet="tin-mau",
                    score=0.71,
                    new_codes=[],
                    province="79",
                ),
            ),
            "trial": add_story(
                session,
                run_id,
                Telling(title="Toà mẫu xử vụ bỏ mặc trẻ", kind="xet_xu", types={"bo_roi_bo_mac": 0.9}, score=0.66),
            ),
            "drowning": add_story(
                session,
                run_id,
                Telling(title="Hai trẻ mẫu đuối nước", kind="tai_nan", flag=False, types={}, score=0.2),
            ),
        }
