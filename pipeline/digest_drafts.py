"""Drafts of the điểm báo: made, kept, and given out in every form as they were kept."""

from dataclasses import asdict
from datetime import date, datetime

from models.session import Store
from models.store import digest as kept
from models.tables import Digest
from pipeline.digest import DigestRules, build_digest, digest_from_json
from pipeline.documents.digest import render
from pipeline.documents.letterhead import Letterhead


def make_draft(
    store: Store,
    day: date,
    rules: DigestRules,
    head: Letterhead,
    *,
    now: datetime,
    user_id: int | None = None,
) -> Digest:
    """The day's draft as of now; the newest revision itself where nothing changed since."""
    content = build_digest(store, day, rules)
    document = render(content, head, "docx")
    with store.write() as session:
        return kept.create_draft(
            session,
            day,
            content={"digest": content.as_json(), "letterhead": asdict(head)},
            document=document,
            now=now,
            user_id=user_id,
        )


def kept_form(digest: Digest, form: str) -> bytes:
    """A kept revision as docx (to the byte), html or txt."""
    if form == "docx":
        return digest.document
    raw = digest.content["letterhead"]
    head = Letterhead(**{**raw, "recipients": tuple(raw["recipients"])})
    return render(digest_from_json(digest.content["digest"]), head, form)
