"""The jobs that call: no transaction is open while they wait for an answer."""

from __future__ import annotations

from collections.abc import Mapping

from app.domains.comments import moves
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures import queries as measures
from app.domains.screening import outside
from app.domains.screening.outside import ASK
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.jobs import PAUSES, Job, JobFunction
from app.infra.outside import circuit, services
from app.infra.outside.questions import NoAnswer, Opinion, Question, Said
from app.infra.outside.services import Service
from app.infra.unit_of_work import unit_of_work
from app.opinions.handlers import TELL

MOVES = {Said.HAM: (Status.APPROVED, "let in"), Said.SPAM: (Status.SPAM, "opinion spam")}
TAUGHT = {Status.APPROVED: Said.HAM, Status.SPAM: Said.SPAM}


def ask(job: Job) -> None:
    """Ask about one waiting text and let the answer move it, or add to what the desk knows.

    Raises NoAnswer, so that the job comes back; meanwhile the text waits and the desk reads why.
    """
    service = services.chosen()
    comment = comments.find(job.payload["comment_id"])
    if service is None or comment is None or comment.status != Status.PENDING:
        _say_that_none_came(job, is_last=True)
        return
    origin = {name: job.payload.get(name, "") for name in ("address", "agent", "referrer")}
    question, seen = _question(comment, **origin), comment.version
    try:
        opinion = _ask(service, question)
    except NoAnswer:
        _say_that_none_came(job, is_last=job.attempts > len(PAUSES))
        raise
    _settle(job, seen, service.name, opinion)


def _ask(service: Service, question: Question) -> Opinion:
    """The opinion; raises NoAnswer without a call while the circuit is open."""
    _call_is_allowed()
    try:
        opinion = service.ask(question)
    except NoAnswer:
        circuit.failed()
        raise
    circuit.answered()
    return opinion


def _call_is_allowed() -> None:
    db.session.rollback()
    if not circuit.may_call():
        raise NoAnswer("it failed several times in a row and is not called for a while")
    db.session.rollback()


def _settle(job: Job, seen: int, name: str, opinion: Opinion) -> None:
    """Store what was said, and move the text where that decides. Raises NoAnswer where the text
    is another by now, so that it is asked about again."""
    with unit_of_work():
        comment = comments.find_to_change(job.payload["comment_id"])
        if comment is not None and comment.status == Status.PENDING:
            if comment.version != seen:
                raise NoAnswer("the text was changed while it was asked about")
            comment.verdict = outside.with_opinion(comment.verdict, name, opinion)
            if opinion.said in MOVES and _decides(job, comment):
                to, act = MOVES[opinion.said]
                moves.move(comment, to, act=act, by=None, actor_name=name, reason=opinion.words)
        _keep_only_the_id(job)


def _decides(job: Job, comment: Comment) -> bool:
    """Whether the answer alone moves the text: nobody touched it, nothing else speaks against it,
    and no person is to look at it whatever anybody says."""
    if not job.payload.get("decides") or job.payload.get("version") != comment.version:
        return False
    if comment.red_flag or comment.held_for_id is not None:
        return False
    if comment.parent is not None and not comment.parent.is_published:
        return False
    against = measures.standing(
        account_id=comment.account_id,
        address_id=comment.address_id,
        email=comment.address.email if comment.address else "",
        machine=job.payload.get("address") or None,
    )
    return against.shut_out is None and against.hold is None


def _say_that_none_came(job: Job, *, is_last: bool) -> None:
    with unit_of_work():
        comment = comments.find_to_change(job.payload["comment_id"])
        if comment is not None and comment.status == Status.PENDING:
            comment.verdict = outside.without_answer(comment.verdict)
        if is_last:
            _keep_only_the_id(job)


def tell(job: Job) -> None:
    """Tell the service what people took a text for, by what holds now; once for each change."""
    service = services.chosen()
    comment = comments.find(job.payload["comment_id"])
    if service is None or comment is None or not service.learns:
        return
    said = TAUGHT.get(Status(comment.status))
    believed = outside.told_of(comment.verdict) or outside.said_of(comment.verdict)
    if said is None or comment.network is None or said == believed:
        return
    question = _question(comment, address=comment.network.partition("/")[0])
    _call_is_allowed()
    try:
        service.tell(question, said)
    except NoAnswer:
        circuit.failed()
        raise
    circuit.answered()
    with unit_of_work():
        again = comments.find_to_change(job.payload["comment_id"])
        if again is not None:
            again.verdict = outside.with_told(again.verdict, said)


def _question(comment: Comment, *, address: str, agent: str = "", referrer: str = "") -> Question:
    return Question(
        comment_id=comment.id,
        kind=comment.kind,
        title=comment.title,
        text=comment.source,
        name=comment.author_name,
        email=comment.address.email if comment.address else "",
        has_account=comment.account_id is not None,
        written_at=comment.created_at,
        page=absolute(f"/articles/{comment.article.slug}"),
        article=comment.article.title,
        language=comment.language,
        address=address,
        agent=agent,
        referrer=referrer,
    )


def _keep_only_the_id(job: Job) -> None:
    """The sender's machine is nobody's business once the question is settled."""
    job.payload = {"comment_id": job.payload["comment_id"]}


JOBS: Mapping[str, JobFunction] = {ASK: ask, TELL: tell}
