"""The programs' door: a recipient's own leads as data, and its answers, by token. OpenAPI at /api/openapi.json.

A token sees the leads that were sent to its recipient, each as it was sent last, within the token's territory; every
reading is on record. An answer needs an Idempotency-Key, so that a repeated request is one answer.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.session import StoreError
from models.store import answers, api_tokens, audit, cases, leads
from models.store.answers import Answer, AnswerError, Giver
from models.store.api_tokens import NOTED_EVERY, Bearer
from models.store.leads import LeadLine
from pipeline.case_facts import place_of_case
from pipeline.lead_files import schema_text
from pipeline.place_words import covers
from review_ui.pages import House
from review_ui.rate import Rate

CODE = r"^NT-[0-9]{4}-[0-9]{4,9}-[0-9]{1,9}$"
PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
SAID = {
    401: {"description": "Không có khoá, khoá sai, hết hạn hoặc đã thu hồi"},
    403: {"description": "Khoá không có quyền này"},
    404: {"description": "Không có nguồn tin này cho nơi nhận của khoá"},
    409: {"description": "Trả lời không hợp với tình trạng của nguồn tin"},
    429: {"description": "Gọi quá nhanh; chờ số giây trong Retry-After"},
}


def _in_our_time(moment: datetime) -> datetime:
    if not FIRST <= moment <= LAST:
        message = "thời điểm ngoài khoảng 2020–2100"
        raise ValueError(message)
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time), Field(description="có múi giờ, trong 2020–2100")]
Text = Annotated[str, Field(max_length=2000, pattern=PLAIN)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class LeadOut(BaseModel):
    """`row` is what the recipient may see, by lead.schema.json."""

    lead: str
    state: str
    known: bool | None
    package: str
    revision: int
    sent_at: datetime
    changed: list[str]
    row: dict[str, Any]


class LeadsOut(BaseModel):
    leads: list[LeadOut]


class AnswerIn(Strict):
    kind: str = Field(pattern="^(received|accepted|refused|decision|result)$")
    happened_at: Moment
    outcome: str | None = Field(default=None, pattern="^[a-z_]{1,40}$")
    reason: Text = ""
    reference: Annotated[str, Field(max_length=100, pattern=PLAIN)] = ""
    known: bool | None = None


class AnswerOut(BaseModel):
    lead: str
    state: str
    new: bool


def _keeper(house: House) -> Callable[[str], Callable[[Bearer], Bearer]]:
    """Who may do what: a dependency for each scope."""
    bearer = HTTPBearer(auto_error=False, description="Khoá API của nơi nhận")
    rate, guesses = Rate(120, 60.0), Rate(30, 60.0)

    def who(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Bearer:
        found = None
        if given is not None:
            with house.store.read() as session:
                found = api_tokens.find(session, given.credentials, now=house.now())
        if found is None:
            address = "" if request.client is None else request.client.host
            _within(guesses, address)
            raise HTTPException(401, "khoá API không đúng", headers={"WWW-Authenticate": "Bearer"})
        _within(rate, str(found.token_id))
        if found.used_at is None or found.used_at < house.now() - NOTED_EVERY:
            with house.store.write() as session:
                api_tokens.note_use(session, found.token_id, now=house.now())
        return found

    def may(scope: str) -> Callable[[Bearer], Bearer]:
        def check(bearer: Annotated[Bearer, Depends(who)]) -> Bearer:
            if scope not in bearer.scopes:
                raise HTTPException(403, "khoá API không có quyền này")
            return bearer

        return check

    return may


def create_api(house: House) -> FastAPI:
    api = FastAPI(title="Điểm báo: nguồn tin", version="1", docs_url=None, redoc_url=None)
    may = _keeper(house)
    reader, giver = Depends(may("read")), Depends(may("answer"))

    @api.get("/v1/leads", responses=_some(401, 403, 429))
    def list_leads(
        bearer: Annotated[Bearer, reader],
        since: Annotated[Moment | None, Query(description="chỉ nguồn tin gửi từ lúc này")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> LeadsOut:
        with house.store.write() as session:
            lines = leads.of_recipients(session, [bearer.recipient_id], since=since)
            lines = _within_territory(session, lines, bearer)[:limit]
            _record(session, bearer, f"recipient/{bearer.recipient_id}", len(lines), house.now())
        return LeadsOut(leads=[_out(line) for line in lines])

    @api.get("/v1/leads/{code}", responses=_some(401, 403, 404, 429))
    def one_lead(bearer: Annotated[Bearer, reader], code: Annotated[str, Path(pattern=CODE)]) -> LeadOut:
        with house.store.write() as session:
            line = _own(session, bearer, code)
            _record(session, bearer, f"lead/{line.id}", 1, house.now())
        return _out(line)

    @api.post("/v1/leads/{code}/answers", status_code=201, responses=_answer_says())
    def give(
        bearer: Annotated[Bearer, giver],
        code: Annotated[str, Path(pattern=CODE)],
        said: AnswerIn,
        idempotency_key: Annotated[str, Header(min_length=1, max_length=64, pattern="^[!-~]+$")],
        response: Response,
    ) -> AnswerOut:
        answer = Answer(said.kind, said.happened_at, said.outcome, said.reason, said.reference, said.known)
        with house.store.write() as session:
            line = _own(session, bearer, code)
            by = Giver("api", token_id=bearer.token_id)
            key = f"api:{bearer.token_id}:{idempotency_key}"
            new = answers.give(session, line.id, answer, by, key=key, now=house.now())
            state = leads.one(session, line.id).state
        response.status_code = 201 if new else 200
        return AnswerOut(lead=code, state=state, new=new)

    @api.get("/v1/schema")
    def schema() -> dict[str, Any]:
        """The published schema of a package's leads; open to all."""
        found: dict[str, Any] = json.loads(schema_text())
        return found

    _errors(api)
    return api


def _errors(api: FastAPI) -> None:
    @api.exception_handler(AnswerError)
    async def unfit(_request: Request, error: AnswerError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 409)

    @api.exception_handler(StoreError)
    async def busy(_request: Request, _error: StoreError) -> JSONResponse:
        return JSONResponse({"detail": "cơ sở dữ liệu đang bận"}, 503, headers={"Retry-After": "5"})

    @api.exception_handler(DiembaoError)
    async def refused(_request: Request, error: DiembaoError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 400)


def _some(*codes: int) -> dict[int | str, dict[str, Any]]:
    return {code: SAID[code] for code in codes}


def _answer_says() -> dict[int | str, dict[str, Any]]:
    return {200: {"model": AnswerOut, "description": "Đã ghi từ trước"}, **_some(401, 403, 404, 409, 429)}


def _within(rate: Rate, key: str) -> None:
    wait = rate.wait(key)
    if wait:
        raise HTTPException(429, "gọi quá nhanh", headers={"Retry-After": str(wait)})


def _own(session: Session, bearer: Bearer, code: str) -> LeadLine:
    """Raises 404 for a lead of another recipient or outside the token's territory: it is not even said to exist."""
    lead_id, recipient_id = leads.ids_of_codes(session, [code]).get(code, (0, 0))
    line = leads.one(session, lead_id) if lead_id and recipient_id == bearer.recipient_id else None
    if line is None or not _within_territory(session, [line], bearer):
        raise HTTPException(404, "không có nguồn tin này")
    return line


def _within_territory(session: Session, lines: list[LeadLine], bearer: Bearer) -> list[LeadLine]:
    if not bearer.territory:
        return lines
    views = {case.id: case for case in cases.cases_by_id(session, {line.case_id for line in lines})}
    return [line for line in lines if covers(bearer.territory, place_of_case(views[line.case_id])) is not False]


def _record(session: Session, bearer: Bearer, what: str, count: int, now: datetime) -> None:
    audit.append(
        session, at=now, action="lead.api_read", object=what, detail={"token": bearer.token_id, "leads": count}
    )


def _out(line: LeadLine) -> LeadOut:
    return LeadOut(
        lead=line.code,
        state=line.state,
        known=line.known,
        package=line.number,
        revision=line.revision,
        sent_at=line.sent_at,
        changed=list(line.changed),
        row=line.row,
    )
