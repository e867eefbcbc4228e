"""The rules: what they are, trying them on what was decided, and letting them loose.

Rehearsals read for seconds, so the views with one open their unit of work after it.
"""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.moderation import rehearsal
from app.domains.moderation.acts import record_words
from app.domains.moderation.queue import sections
from app.domains.moderation.rehearsal import Rehearsal
from app.domains.screening import rule_changes, rules
from app.domains.screening.errors import StaleRule, WideRule
from app.domains.screening.models import Rule
from app.engines.spam.rules import Rule as ReadyRule
from app.infra.http.bodies import body_limit
from app.infra.language import _
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit, unit_of_work
from app.web.accounts.session import member
from app.web.moderation import blueprint
from app.web.moderation.rule_forms import EFFECTS, RuleForm, lines_of, size_choices
from app.web.numbers import whole_number

ONE = "/rules/<int(max=2147483647):rule_id>"
BODY_KIBIBYTES = 160
"""Five hundred lines of two hundred characters, and the rest of the form."""


@blueprint.get("/rules", endpoint="rules")
def all_rules() -> ResponseReturnValue:
    return render_template(
        "moderation/rules.html",
        rules=rules.all_rules(),
        removals=rules.removals(),
        said=record_words,
        effects=EFFECTS,
        lines_of=lines_of,
    )


@blueprint.get("/rules/new")
def new_rule() -> ResponseReturnValue:
    return _draw(RuleForm(), None)


@blueprint.post("/rules/new")
@body_limit(BODY_KIBIBYTES)
def create_rule() -> ResponseReturnValue:
    form = RuleForm()
    if not form.validate_on_submit():
        return _draw(form, None, status=422)
    try:
        made = rule_changes.create(form.text(), by=member())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, None, status=refusal.status)
    flash(_("The rule is saved and not live yet. This is what it would have met."))
    return redirect(url_for("moderation.rehearse_rule", rule_id=made.id), 303)


@blueprint.post("/rules/rehearse")
@own_unit
@body_limit(BODY_KIBIBYTES)
def try_new_rule() -> ResponseReturnValue:
    """What a rule that is not saved yet would have met, on the page that it is typed on."""
    return _tried(None)


@blueprint.get(ONE)
def rule(rule_id: int) -> ResponseReturnValue:
    found = _wanted(rule_id)
    return _draw(RuleForm.of(found), found)


@blueprint.post(ONE)
@own_unit
@body_limit(BODY_KIBIBYTES)
def save_rule(rule_id: int) -> ResponseReturnValue:
    """Save; a live rule that would meet most of what stands only with a second yes."""
    found = _wanted(rule_id)
    form = RuleForm()
    if not form.validate_on_submit():
        return _draw(form, found, status=422)
    try:
        if found.is_live:
            rehearsal.check(rules.readied(form.text(), rule_id=rule_id), sure=form.sure.data)
        with unit_of_work():
            rule_changes.save(_held(rule_id), form.text(), seen=form.seen_version, by=member())
    except Refusal as refusal:
        form.refuse(refusal)
        found = _wanted(rule_id)
        return _draw(form, found, status=refusal.status, wide=isinstance(refusal, WideRule))
    flash(_("The rule is saved."))
    return redirect(url_for("moderation.rules"), 303)


@blueprint.post(f"{ONE}/try")
@own_unit
@body_limit(BODY_KIBIBYTES)
def try_rule(rule_id: int) -> ResponseReturnValue:
    """What a rule would have met as it stands in the form, changes that are not saved included."""
    return _tried(_wanted(rule_id))


@blueprint.get(f"{ONE}/rehearse")
def rehearse_rule(rule_id: int) -> ResponseReturnValue:
    """What a rule would have met as it is kept, and the button that lets it loose."""
    found = _wanted(rule_id)
    size = whole_number(request.args.get("size", "")) or rehearsal.USUAL
    if size not in rehearsal.SIZES:
        abort(404)
    return _draw_rehearsal(found, size)


@blueprint.post(f"{ONE}/start")
@own_unit
def start_rule(rule_id: int) -> ResponseReturnValue:
    found = _wanted(rule_id)
    try:
        if found.version != _seen():
            raise StaleRule
        ready = rules.readied(rules.typed(found), rule_id=rule_id)
        rehearsal.check(ready, sure="sure" in request.form)
        with unit_of_work():
            rule_changes.start(_held(rule_id), seen=_seen(), by=member())
    except WideRule as wide:
        return _draw_rehearsal(_wanted(rule_id), rehearsal.USUAL, problem=wide.public)
    flash(_("The rule is live: every new text meets it."))
    return redirect(url_for("moderation.rules"), 303)


@blueprint.post(f"{ONE}/pause")
def pause_rule(rule_id: int) -> ResponseReturnValue:
    rule_changes.pause(_held(rule_id), seen=_seen(), by=member())
    flash(_("The rule is paused: new texts pass it by."))
    return redirect(url_for("moderation.rules"), 303)


@blueprint.post(f"{ONE}/remove")
def remove_rule(rule_id: int) -> ResponseReturnValue:
    rule_changes.remove(_held(rule_id), seen=_seen(), by=member())
    flash(_("The rule is removed. It can be put back below."))
    return redirect(url_for("moderation.rules"), 303)


@blueprint.post("/rules/put-back/<int(max=2147483647):entry_id>")
def put_back_rule(entry_id: int) -> ResponseReturnValue:
    """Make a removed rule again, from the row of the record that says that it was removed."""
    entry = rules.find_removal(entry_id)
    if entry is None:
        abort(404)
    back = rule_changes.put_back(entry, by=member())
    flash(_("The rule “%(name)s” is back, and not live.", name=back.name))
    return redirect(url_for("moderation.rules"), 303)


def _tried(found: Rule | None) -> ResponseReturnValue:
    form = RuleForm()
    if not form.validate_on_submit():
        return _draw(form, found, status=422)
    try:
        ready = rules.readied(form.text())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, found, status=refusal.status)
    return _draw(form, found, result=_rehearsed(ready, form.wanted_size))


def _rehearsed(ready: ReadyRule, size: int) -> Rehearsal:
    return rehearsal.rehearse(ready, size, within=sections.of(member()))


def _draw(
    form: RuleForm,
    found: Rule | None,
    *,
    status: int = 200,
    result: Rehearsal | None = None,
    wide: bool = False,
) -> ResponseReturnValue:
    page = render_template(
        "moderation/rule.html",
        form=form,
        rule=found,
        result=result,
        wide=wide or (result is not None and result.is_wide),
        effect=form.effect.data,
        kind=form.kind.data,
    )
    return page, status


def _draw_rehearsal(found: Rule, size: int, *, problem: str | None = None) -> ResponseReturnValue:
    ready = rules.readied(rules.typed(found), rule_id=found.id)
    page = render_template(
        "moderation/rule_rehearsal.html",
        rule=found,
        result=_rehearsed(ready, size),
        sizes=size_choices(),
        problem=problem,
        effect=found.effect,
        kind=found.kind,
    )
    return page, 200 if problem is None else 422


def _wanted(rule_id: int) -> Rule:
    found = rules.find_rule(rule_id)
    if found is None:
        abort(404)
    return found


def _held(rule_id: int) -> Rule:
    """The rule, held until the act on it is done."""
    found = rules.rule_to_change(rule_id)
    if found is None:
        abort(404)
    return found


def _seen() -> int:
    """The version that the page was drawn from; 0, which no rule has, for anything else."""
    return whole_number(request.form.get("version", "")) or 0
