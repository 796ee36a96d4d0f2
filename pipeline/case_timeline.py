"""A case from its first article to now, in one line of time: what the machine noted apart from what people decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import words
from models.store import bells, case_merge, case_work, cases, document_sendings, documents
from models.store import clocks as kept
from models.store.cases import CaseView
from models.store.clocks import ClockFacts
from pipeline.deadlines import Clocks

KIND = {"owner": "", "merge": "", "attach": "", "note": "ghi chú: "}


@dataclass(frozen=True, slots=True)
class Entry:
    """`by` is empty where the machine noted it."""

    at: datetime
    by: str
    text: str

    @property
    def machine(self) -> bool:
        return not self.by


def timeline(session: Session, case: CaseView, clocks: Clocks) -> list[Entry]:
    """Oldest first; what was merged into the case is told with its number."""
    found = [*_of_articles(case), *_of_case(session, case, "")]
    for case_id, code, _, _, _ in case_merge.merged(session, case.id):
        found += _of_case(session, cases.one_case(session, case_id), f"{code}: ")
    facts = kept.load(session, [case.id])[case.id]
    found += _of_clocks(facts, clocks)
    for step, noted, taken in kept.taken_back(session, case.id):
        name = _name(clocks, step.code)
        found.append(Entry(step.noted_at, noted, f"ghi nhận «{name}» (đã rút lại)"))
        if step.void_at is not None:
            found.append(Entry(step.void_at, taken, f"rút lại ghi nhận «{name}»: {step.void_reason}"))
    found += [Entry(bell.at, "", f"chuông gửi {to}: {bell.text}") for bell, to in bells.of_case(session, case.id)]
    return sorted(found, key=lambda entry: entry.at)


def _of_articles(case: CaseView) -> Iterable[Entry]:
    for story in case.stories:
        for item in story.items:
            yield Entry(item.first_seen_at, "", f"tải bài của {item.outlet} lần đầu")
        if story.decision is not None:
            action = words.word(words.ACTION, story.decision.action).lower()
            yield Entry(story.decision.at, story.decision.by, f"{action} tin số {story.id}")


def _of_case(session: Session, case: CaseView, start: str) -> Iterable[Entry]:
    for step in case.steps:
        text = f"mở vụ việc {case.code}"
        if step.before is not None:
            before, after = (words.word(words.CASE_STATE, code).lower() for code in (step.before, step.after))
            text = f"chuyển từ {before} sang {after}"
        yield Entry(step.at, step.by, start + text + (f": {step.reason}" if step.reason else ""))
    for note in case_work.notes(session, case.id):
        yield Entry(note.at, note.by, start + KIND.get(note.kind, "") + note.text)
    for task in case_work.tasks(session, case.id):
        yield Entry(task.created_at, task.created_by, f"{start}giao việc: {task.text}")
        if task.done_at is not None:
            yield Entry(task.done_at, task.done_by or "", f"{start}xong việc: {task.text}")
    yield from _of_papers(session, case.id, start)


def _of_papers(session: Session, case_id: int, start: str) -> Iterable[Entry]:
    sent = document_sendings.of_case(session, case_id)
    for line in documents.of_case(session, case_id):
        if line.approved_at is not None:
            yield Entry(line.approved_at, line.approved_by or "", f"{start}duyệt văn bản {line.filename}")
        for done in sent.get(line.id, ()):
            yield Entry(done.sent_at, done.by, f"{start}gửi {line.filename} cho {done.to} ({done.how})")


def _of_clocks(facts: ClockFacts, clocks: Clocks) -> Iterable[Entry]:
    for code, proof in facts.proofs.items():
        yield Entry(
            proof.done_at, proof.by, f"«{_name(clocks, code)}»: gửi {proof.to} ({proof.how}) {proof.reference}".strip()
        )
    for code, stops in facts.pauses.items():
        for stop in stops:
            yield Entry(stop.started_at, stop.by, f"tạm dừng «{_name(clocks, code)}»: {stop.reason}")
    for code, choice in facts.choices.items():
        said = "áp dụng" if choice.applies else "không áp dụng"
        yield Entry(choice.at, choice.by, f"{said} «{_name(clocks, code)}»: {choice.reason}")


def _name(clocks: Clocks, code: str) -> str:
    clock = clocks.by_code.get(code)
    return code if clock is None else clock.name
