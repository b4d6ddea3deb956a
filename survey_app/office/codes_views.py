"""Codes on the web: the ledger for those who watch, issuing and voiding for the issuer alone."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import batches as rules
from survey_app.domain.batches import Scope
from survey_app.domain.errors import N_, BadInput, Refusal, fill
from survey_app.domain.roles import ISSUER
from survey_app.domain.rounds import CHANNEL_WORDS, INVITED
from survey_app.office import issuing, ledger, roundpage
from survey_app.office.desk import blueprint, running, units_by_class
from survey_app.office.issuing import CARDS, Ordered
from survey_app.store import batches, rounds
from survey_app.store.batches import BatchCount
from survey_app.store.rounds import Round
from survey_app.web import lists
from survey_app.web.context import keys, now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say
from survey_app.web.sending import attachment

MOST_AT_ONCE = 2_000  # cards drawn while a browser waits: about four seconds
VOIDED = N_("第%(label)s批已作废：%(void)s个不能再用；用过的%(used)s个，票还在。")
IMPORTED = N_("第%(label)s批已导入，%(count)s个评议码可以用了。")


class TooManyAtOnce(Refusal):
    code, status = "too-many-codes", 422
    message = N_("网页上一次最多发%(most)s个。要更多，请分几批发，或用命令 pingyi codes issue。")


class CountWrong(Refusal):
    code, status = "count-wrong", 422
    message = N_("“多少个”请填整数。")


class NoFile(Refusal):
    code, status = "no-file", 422
    message = N_("请先选发码人交来的标签文件（名字以 tags.json 结尾）。")


@blueprint.get("/codes")
@door("codes_ledger")
def choose_codes() -> ResponseReturnValue:
    """The rounds whose codes are being issued."""
    found = [round_ for round_ in rounds.list_rounds() if round_ in running() or batches.ledger(round_.code)]
    return render_template("office/choose.html", rounds=found, heading=N_("评议码"), endpoint="office.codes")


@blueprint.get("/codes/<round_code>")
@door("codes_ledger")
def codes(round_code: str) -> ResponseReturnValue:
    """The ledger of a round; for the issuer, the form of a new batch besides."""
    round_, replaced = rounds.get_round(round_code), request.args.get("replaces", "")
    if lists.wants_workbook():
        return ledger.shown(round_).workbook()
    given = _replacing(round_, replaced) if replaced else {"channel": INVITED}
    return _page(round_, given)


@blueprint.post("/codes/<round_code>")
@door("issuer")
def issue(round_code: str) -> ResponseReturnValue:
    """A new batch: the answer is its one file. The same form sent twice issues once."""
    round_ = rounds.get_round(round_code)
    try:
        ordered = _ordered()
        made, sheet = issuing.issue(
            round_code, ordered, settings=settings(), keys=keys(), actor=here().username, now=now(), today=today()
        )
        if ordered.replaces:
            roundpage.republish(round_code, settings())
        batches.record_download(round_code, made.label, sheet.name, actor=here().username, now=now())
    except Refusal as refusal:
        return _page(round_, request.form, refusal), refusal.status
    return attachment(sheet.content, sheet.name, sheet.mimetype)


@blueprint.post("/codes/<round_code>/void")
@door("issuer")
def void(round_code: str) -> ResponseReturnValue:
    """Void a batch; the next page offers to replace it."""
    label, reason = request.form.get("label", ""), request.form.get("reason", "")
    try:
        done = batches.void_batch(round_code, label, reason=reason, actor=here().username, now=now(), today=today())
    except Refusal as refusal:
        return _page(rounds.get_round(round_code), {"channel": INVITED}, refusal, wrong=label), refusal.status
    roundpage.republish(round_code, settings())
    flash(fill(VOIDED, {"label": label, "void": done.void, "used": done.used}, say), "good")
    return redirect(url_for(".codes", round_code=round_code), 303)


@blueprint.post("/codes/<round_code>/import")
@door("issuer")
def import_tags(round_code: str) -> ResponseReturnValue:
    """Take a tags file that the issuer made elsewhere."""
    try:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise NoFile
        batch = issuing.import_tags_text(
            file.read(), file=file.filename, keys=keys(), actor=here().username, now=now(), today=today()
        )
    except (Refusal, BadInput) as refusal:
        return _page(rounds.get_round(round_code), {"channel": INVITED}, refusal, wrong="import"), refusal.status
    flash(fill(IMPORTED, {"label": batch.label, "count": len(batch.tags)}, say), "good")
    return redirect(url_for(".codes", round_code=batch.round_code), 303)


def _ordered() -> Ordered:
    form = request.form
    count = form.get("count", "").strip()
    if not (count.isascii() and count.isdigit()):
        raise CountWrong
    if len(count) > len(str(MOST_AT_ONCE)) or int(count) > MOST_AT_ONCE:
        raise TooManyAtOnce(most=MOST_AT_ONCE)
    label = form.get("label", "")
    return Ordered(
        scope=Scope(form.get("group", ""), form.get("channel", ""), form.get("unit", "")),
        count=int(count),
        kind=form.get("kind", CARDS),
        label=label if rules.is_label(label) else "",
        replaces=form.get("replaces", ""),
        reason=form.get("reason", ""),
    )


def _replacing(round_: Round, label: str) -> dict[str, str]:
    """The form of a batch that takes the place of another."""
    old = batches.batch_of(round_.code, label)
    count = str(max(old.unused or old.void, round_.questionnaire.min_n))
    standing = {"replaces": label} if old.voided_on is None else {}
    return {"group": old.group, "unit": old.unit_slug or "", "channel": old.channel, "count": count, **standing}


def _page(round_: Round, given: object, refusal: Refusal | None = None, wrong: str = "issue") -> str:
    rows = ledger.newest_first(round_)
    return render_template(
        "office/codes.html",
        round=round_,
        shown=ledger.shown(round_, rows),
        open=[row for row in rows if row.voided_on is None],
        checks=_against_people(round_, rows),
        groups=round_.questionnaire.groups,
        channels=[
            (code, word) for code, word in CHANNEL_WORDS.items() if code in round_.questionnaire.counted_channels
        ],
        classes=units_by_class(round_),
        given=given,
        label=rules.new_label(),
        problem=refusal.text(say) if refusal else "",
        wrong=wrong if refusal else "",
        can_issue=ISSUER in here().roles and round_ in running(),
        most=MOST_AT_ONCE,
    )


def _against_people(round_: Round, rows: list[BatchCount]) -> list[dict[str, object]]:
    """Codes of one unit and group against the people there are, where the plan says how many."""
    found = []
    for unit in round_.units:
        for kind in ("panel", "population"):
            for group, people in unit.sizes.get(kind, {}).items():
                mine = [row for row in rows if row.group == group and row.unit_slug == unit.slug]
                issued, used = sum(row.valid for row in mine), sum(row.used for row in mine)
                found.append({"unit": unit.zh, "group": group, "people": people, "issued": issued, "used": used})
    return found
