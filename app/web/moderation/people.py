"""The people behind the texts: finding them, their past, and the measures about them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import mail_stops, naming
from app.domains.measures import queries as measures
from app.domains.measures.models import Measure
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.domains.moderation import policy
from app.domains.moderation.models import Batch
from app.domains.moderation.people import finding, histories, ladder, persons
from app.domains.moderation.people.histories import STATES, Place
from app.domains.moderation.people.ladder import Step
from app.domains.moderation.people.persons import Person
from app.domains.moderation.queue import sections
from app.domains.moderation.reported import report_settings
from app.domains.privacy import leaving
from app.domains.privacy.models import Erasure
from app.domains.privacy.persons import of_account, of_guest
from app.engines.text.masks import masked_email
from app.infra import clock
from app.infra.http.hosts import client_address
from app.infra.language import _, ngettext, sentence
from app.infra.refusal import Refusal
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.session import member
from app.web.moderation import blueprint
from app.web.moderation.people_forms import NoteForm, StepForm
from app.web.numbers import whole_number

MEASURES_A_PAGE = 50
LONGEST_SEARCH = 254
PERSON = "/people/<any(account, address):kind>/<int(max=2147483647):person_id>"
DONE = {
    MeasureKind.NOTE: sentence("The note is kept."),
    MeasureKind.WARN: sentence("Warned."),
    MeasureKind.HOLD: sentence("From now on everything of theirs waits."),
    MeasureKind.SUSPEND: sentence("Suspended."),
    MeasureKind.BAN: sentence("Banned."),
}


def shown_email(email: str, *, on_person_page: bool = False) -> str:
    """An address as whoever looks at the page may read it."""
    may = policy.sees_address(member(), on_person_page=on_person_page)
    return email if may else masked_email(email)


blueprint.add_app_template_global(shown_email)


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """What is in force, what is past, and the people a search finds."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    past = request.args.get("show") == "past"
    before = whole_number(request.args.get("before", ""))
    where = ~measures.in_force() if past else measures.in_force()
    found = measures.history(
        where, Measure.kind != MeasureKind.NOTE, size=MEASURES_A_PAGE + 1, before=before
    )
    page = found[:MEASURES_A_PAGE]
    return render_template(
        "moderation/people.html",
        words=words,
        found=finding.find_people(words, viewer=member()) if words else None,
        past=past,
        measures=page,
        more=page[-1].id if len(found) > MEASURES_A_PAGE else None,
        may_lift=_may_bind(),
        now=clock.now(),
    )


@blueprint.get(PERSON)
def person(kind: str, person_id: int) -> ResponseReturnValue:
    someone = wanted(kind, person_id)
    if (someone.kind, someone.id) != (kind, person_id):
        return redirect(page_of(someone))
    return _draw(someone)


@blueprint.post(f"{PERSON}/note")
def note(kind: str, person_id: int) -> ResponseReturnValue:
    someone = wanted(kind, person_id)
    form = NoteForm(prefix="note-")
    if not form.validate():
        return _draw(someone, note_form=form, status=422)
    about = About(account=someone.account, address=None if someone.account else someone.address)
    return _take(Step(MeasureKind.NOTE, about, form.reason.data or ""), someone, form)


@blueprint.post(f"{PERSON}/measures")
@needs_fresh_proof
def take_measure(kind: str, person_id: int) -> ResponseReturnValue:
    someone = wanted(kind, person_id)
    form = _step_form(someone)
    if not form.validate():
        return _draw(someone, step_form=form, status=422)
    return _take(form.step(someone), someone, form)


def _take(step: Step, someone: Person, form: NoteForm | StepForm) -> ResponseReturnValue:
    try:
        taken = ladder.take(step, someone, by=member(), seat=client_address())
    except Refusal as refusal:
        form.refuse(refusal)
        name = "note_form" if isinstance(form, NoteForm) else "step_form"
        return _draw(someone, **{name: form}, status=refusal.status)
    words = str(DONE[step.kind])
    if taken.rejected:
        rejected = ngettext(
            "%(num)s waiting text rejected.", "%(num)s waiting texts rejected.", taken.rejected
        )
        words = f"{words} {rejected}"
    flash(words)
    return _on(taken.batch, page_of(someone))


@blueprint.post("/measures/<int(max=2147483647):measure_id>/lift")
@needs_fresh_proof
def lift_measure(measure_id: int) -> ResponseReturnValue:
    measure = measures.find(measure_id)
    if measure is None:
        abort(404)
    someone = _about(measure)
    if someone is not None and not persons.may_look_at(member(), someone):
        abort(404)
    lifted = ladder.lift(measure, by=member(), put_back="put_back" in request.form)
    words = _("Lifted.")
    if lifted.back:
        back = ngettext("%(num)s text waits again.", "%(num)s texts wait again.", lifted.back)
        words = f"{words} {back}"
    if lifted.left:
        left = _("%(number)s had been decided on since and stay as they are.", number=lifted.left)
        words = f"{words} {left}"
    flash(words)
    return _on(lifted.batch, page_of(someone) if someone else url_for("moderation.people"))


def _on(batch: Batch | None, path: str) -> ResponseReturnValue:
    """To this page; where the desk's own job works on, to the page that shows how far it is."""
    target = url_for("moderation.batch", batch_id=batch.id) if batch else path
    return redirect(target, 303)


def _draw(
    someone: Person,
    *,
    note_form: NoteForm | None = None,
    step_form: StepForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    state = request.args.get("state", "all")
    if state not in STATES:
        abort(404)
    tag_ids = sections.of(member())
    texts, more = histories.texts_of(
        someone, state, tag_ids=tag_ids, after=Place.read(request.args.get("after", ""))
    )
    page = render_template(
        "moderation/person.html",
        person=someone,
        email=shown_email(someone.email_address.email, on_person_page=True),
        state=state,
        states=list(STATES),
        texts=texts,
        more=more,
        record=histories.record_of(someone, tag_ids),
        names=histories.names_of(someone),
        renamed=naming.names_given_up(someone.account) if someone.account else [],
        networks=histories.networks_of(someone),
        mail_stop=mail_stops.in_force(someone.email_address.id),
        measures=ladder.measures_about(someone),
        reported_as=report_settings.current().words_for,
        reports_about=histories.reports_about(someone, tag_ids),
        reports_by=histories.reports_by(someone, tag_ids),
        note_form=note_form or NoteForm(formdata=None, prefix="note-"),
        step_form=step_form or _step_form(someone, blank=True),
        limited=tag_ids is not None,
        erasure=_erasure_of(someone) if member().is_admin else None,
        now=clock.now(),
    )
    return page, status


def _erasure_of(someone: Person) -> Erasure | None:
    if someone.account is not None:
        return leaving.find(of_account(someone.account))
    return leaving.find(of_guest(someone.email_address.id))


def _step_form(someone: Person, *, blank: bool = False) -> StepForm:
    form = StepForm(formdata=None) if blank else StepForm()
    return form.for_person(someone, histories.networks_of(someone), limited=not _may_bind())


def _may_bind() -> bool:
    return policy.may_take(MeasureKind.BAN, limited=sections.of(member()) is not None)


def wanted(kind: str, person_id: int) -> Person:
    find = persons.find_of_account if kind == "account" else persons.find_of_address
    someone = find(person_id)
    if someone is None or not persons.may_look_at(member(), someone):
        abort(404)
    return someone


def _about(measure: Measure) -> Person | None:
    if measure.account_id is not None:
        return persons.find_of_account(measure.account_id)
    if measure.address_id is not None:
        return persons.find_of_address(measure.address_id)
    return None


def page_of(someone: Person) -> str:
    return url_for("moderation.person", kind=someone.kind, person_id=someone.id)
