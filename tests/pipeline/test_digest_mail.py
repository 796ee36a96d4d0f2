"""The approved điểm báo as a real letter: page, text, and the very document that was approved."""

from email import message_from_string, policy
from email.message import EmailMessage
from hashlib import sha256
from typing import cast

from models.session import Store
from models.store import digest as kept
from models.store import sendings
from pipeline.channels import send_letter
from pipeline.deadlines import read_clocks
from pipeline.digest import DigestRules
from pipeline.digest_drafts import make_draft
from pipeline.digest_sending import send_digests
from pipeline.documents.letterhead import Letterhead
from pipeline.urgency import load_table
from tests.pipeline.mailbox import Mailbox, address, mail_server
from tests.pipeline.making import DAY, Maker, moment

__all__ = ["mail_server"]
HEAD = Letterhead(
    parent="UBND tỉnh Mẫu", agency="Sở Mẫu", symbol="SM", place="Tỉnh Mẫu", signer="Giám đốc", scope="Ban Giám đốc"
)


def test_the_letter_holds_page_text_and_the_approved_document(
    sqlite_store: Store, mail_server: tuple[Mailbox, int]
) -> None:
    make, now = Maker(sqlite_store), moment(DAY, 7)
    make.run()
    make.story(make.article(danger_now=True), action="confirm")
    user = make.user()
    made = make_draft(sqlite_store, DAY, DigestRules((), read_clocks(), load_table()), HEAD, now=now)
    mailbox, port = mail_server
    with sqlite_store.write() as session:
        kept.approve(session, made.id, seen=made.sha256, user_id=user, now=now)
        sendings.add_recipient(session, "Ban Giám đốc", address(port), user_id=user, now=now)
        sendings.queue(session, made.id, user_id=user, now=now, due=now)
    assert send_digests(sqlite_store, send_letter, now=lambda: now) == (1, 0)
    (raw,) = mailbox.letters
    letter = message_from_string(raw, policy=policy.default)
    assert letter["subject"] == f"Điểm báo ngày {DAY:%d/%m/%Y}"
    page = cast("EmailMessage", letter.get_body(("html",))).get_content()
    text = cast("EmailMessage", letter.get_body(("plain",))).get_content()
    for said in ("Vụ việc khẩn, mới trên địa bàn", "chưa xác minh", made.sha256):
        assert said in page
        assert said in text
    assert "max-width" not in text, "no style sheet among the words"
    assert "<h2>" in page
    assert "http-equiv" not in page
    (file,) = letter.iter_attachments()
    assert file.get_filename() == f"diem-bao-{DAY:%Y%m%d}-1.docx"
    assert file.get_content_type().endswith("wordprocessingml.document")
    assert sha256(cast("bytes", file.get_content())).hexdigest() == made.sha256
