"""Recipients of leads: which desks, what they may see, who answers for them, which programs may ask for them."""

from datetime import timedelta

from starlette.responses import Response

from models.rights import ROLES, Right
from models.store import api_tokens, case_work, recipients
from pipeline.place_choice import resolve
from pipeline.recipients import COLUMNS, read_profiles
from review_ui.forms import FormError
from review_ui.pages import Ask, go, page

ANSWERING = tuple(role for role, rights in ROLES.items() if Right.ANSWER in rights and Right.EXPORT not in rights)
TOKEN_DAYS = 180


@page("/noi-nhan", needs=Right.EXPORT)
def show(ask: Ask) -> Response:
    return _page(ask)


def _page(ask: Ask, *, token: str = "") -> Response:
    with ask.house.store.read() as session:
        values = {
            "found": recipients.active(session),
            "members": recipients.members(session),
            "people": case_work.staff(session, ANSWERING),
            "tokens": api_tokens.in_use(session, now=ask.now),
        }
    profiles = read_profiles(ask.house.settings.data_dir)
    return ask.page("recipients.html", profiles=profiles, COLUMNS=COLUMNS, token=token, **values)  # type: ignore[arg-type]


@page("/noi-nhan", method="POST", needs=Right.EXPORT)
def add(ask: Ask) -> Response:
    profile = ask.form.get("profile")
    if profile not in read_profiles(ask.house.settings.data_dir):
        raise FormError("Hãy chọn loại nơi nhận")
    with ask.house.store.write() as session:
        recipients.add(
            session,
            name=ask.form.get("name", longest=200),
            profile=profile,
            territory=_territory(ask.form.get("territory")),
            contact=ask.form.get("contact", longest=300),
            user_id=ask.user.user_id,
            now=ask.now,
        )
    return go("/noi-nhan")


def _territory(words: str) -> list[str]:
    """Units named one after another, split by semicolons; one that is not certain is refused by name."""
    found = []
    for name in filter(None, (part.strip() for part in words.split(";"))):
        answer = resolve(name)
        if answer.ref is None:
            offered = "; ".join(one.label for one in answer.offered[:3])
            raise FormError(f"«{name}» chưa rõ là đơn vị nào" + (f" (có thể là: {offered})" if offered else ""))
        found.append(answer.ref)
    return found


@page("/noi-nhan/{id}/lam", method="POST", needs=Right.EXPORT)
def act(ask: Ask) -> Response:
    """One step with a recipient: go (remove), them/bot (a person who answers), khoa/thu-hoi (a program's token)."""
    do, now, user_id, token = ask.form.get("do"), ask.now, ask.user.user_id, ""
    with ask.house.store.write() as session:
        recipient = recipients.get(session, ask.id())
        if do == "go":
            recipients.remove(session, recipient.id, user_id=user_id, now=now)
        elif do == "them":
            recipients.join(session, recipient.id, ask.form.needed_number("member"), user_id=user_id, now=now)
        elif do == "bot":
            recipients.leave(session, recipient.id, ask.form.needed_number("member"), user_id=user_id, now=now)
        elif do == "khoa":
            token = api_tokens.make(
                session,
                recipient.id,
                holder=ask.form.get("holder", longest=100),
                scopes=[scope for scope in ask.form.many("scopes") if scope in api_tokens.SCOPES],
                territory=_territory(ask.form.get("territory")),
                expires_at=now + timedelta(days=TOKEN_DAYS),
                user_id=user_id,
                now=now,
            )
        elif do == "thu-hoi":
            api_tokens.revoke(session, ask.form.needed_number("token"), user_id=user_id, now=now)
        else:
            raise FormError("Không có thao tác này")
    return _page(ask, token=token) if token else go("/noi-nhan")
