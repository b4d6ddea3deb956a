"""Following a case by its code: what was done, more words, satisfied or not, a rating of the handling, its files."""

from collections.abc import Callable, Mapping

from flask import abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict

from survey_app.casework import attachments, intake, verbs
from survey_app.casework.plain import shown
from survey_app.casework.verbs import Said
from survey_app.citizen import cookies
from survey_app.citizen.cases import blueprint
from survey_app.citizen.cases_forms import SATISFIED, YES, AddForm, CaseCodeForm, HandlingForm, JudgeForm, StepForm
from survey_app.citizen.cases_showing import find_case, story
from survey_app.citizen.forms import errors_of
from survey_app.citizen.pages import see
from survey_app.domain import scale
from survey_app.domain.cases import codes, steps
from survey_app.domain.cases.codes import CaseCodeMistyped, CaseCodeUnknown
from survey_app.domain.cases.refusals import StaleCase
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.everyday import LEVELS
from survey_app.domain.formmark import FormExpired, FormForeign, FormMark, new_mark, read_mark
from survey_app.domain.receipts import LENGTH
from survey_app.domain.typed import tidy_text
from survey_app.store import case_papers
from survey_app.store import cases as store
from survey_app.store.cases import BY_CODE, Case
from survey_app.web import limits
from survey_app.web.context import keys, now, settings
from survey_app.web.doors import door
from survey_app.web.language import say

FORMS: dict[str, type[StepForm]] = {"judge": JudgeForm, "rate": HandlingForm, "add": AddForm}
DONE = {
    "add": N_("补充的话存好了，承办单位看得到。"),
    "judge": N_("记好了。"),
    "rate": N_("对办理的评价存好了。"),
}


class CaseMoved(Refusal):
    """Said without naming who: a username is nobody's affair on the public side."""

    code, status = "case-moved", 409
    message = N_("没有保存：您打开以后，这个办件又办了一步。您填的还在，请看过新情况再提交。")


@blueprint.route("/case", methods=["GET", "POST"])
@door("public")
def find() -> ResponseReturnValue:
    """A field for the code; a code that fits leads to its case."""
    form, status = CaseCodeForm(request.form), 422
    if request.method == "POST" and form.validate():
        try:
            case = find_case(form.code.canonical)
            return _opened(case, form.code.canonical)
        except (CaseCodeUnknown, limits.TooManyTries) as refusal:
            form.code.errors, status = [refusal.text(say)], 429 if refusal.status == 429 else 422
    page = cookies.probe(make_response(_find_page(form)))
    return page, status if form.errors else 200


@blueprint.get("/case/view")
@door("public")
def view() -> ResponseReturnValue:
    """The case whose code this browser keeps for some minutes; whoever has none types it."""
    try:
        code = codes.parse_case_code(request.cookies.get(cookies.CASE, ""))
        done = DONE.get(request.args.get("done", ""), "")
        return _page(find_case(code), code, done=say(done))
    except (CaseCodeMistyped, CaseCodeUnknown):
        return see(url_for(".find"))


@blueprint.post("/case/add")
@door("public")
def add() -> ResponseReturnValue:
    """More words and files; the unit sees them."""
    form = AddForm(CombinedMultiDict([request.files, request.form]))
    return _step("add", form, lambda: (steps.WORDS_ADDED, _addition(form)))


@blueprint.post("/case/judge")
@door("public")
def judge() -> ResponseReturnValue:
    """Satisfied or not. A first no takes the case up again, a second goes to the office."""
    form = JudgeForm(request.form)
    step = steps.SATISFIED if form.satisfied.data == YES else steps.DISSATISFIED
    return _step("judge", form, lambda: (step, Said(words=tidy_text(form.why.data or ""))))


@blueprint.post("/case/rate")
@door("public")
def rate() -> ResponseReturnValue:
    """How the case was handled, in five levels."""
    form = HandlingForm(request.form)
    return _step("rate", form, lambda: (steps.HANDLING_RATED, Said(detail={"level": form.level.data})))


@blueprint.post("/case/file")
@door("public")
def file() -> ResponseReturnValue:
    """A file of the case, saved and never shown; the code goes with the form and stands in no address."""
    case = find_case(codes.parse_case_code(request.form.get("code", "")))
    wanted = [row for row in case_papers.files(case.number) if row.digest == request.form.get("file")]
    if not wanted:
        abort(404)
    content = attachments.open_attachment(wanted[0], keys=keys(), settings=settings())
    return attachments.download(wanted[0], content)


def _addition(form: AddForm) -> Said:
    files = attachments.take(form.files.data or [], keys=keys(), settings=settings())
    return Said(words=tidy_text(form.words.data or ""), files=files)


def _step(name: str, form: StepForm, made: Callable[[], tuple[str, Said]]) -> ResponseReturnValue:
    """Take the person's step, or give the form back with what was typed. Sent twice it is taken once."""
    code = codes.parse_case_code(request.form.get("code", ""))
    case = find_case(code)
    try:
        mark = read_mark(keys().receipt, form.nonce.data or "", now=now(), hours=settings().form_hours)
        if not form.validate():
            return _page(case, code, {name: form}), 422
        _take(case, *made(), form, mark)
    except Refusal as refusal:
        return _given_back(code, name, form, refusal)
    return _opened(case, code, done=name)


def _take(case: Case, step: str, said: Said, form: StepForm, mark: FormMark) -> None:
    """Raises CaseMoved where somebody took a step since the page was drawn."""
    try:
        verbs.take_step(
            case.number,
            step,
            said,
            by=BY_CODE,
            role=steps.CITIZEN,
            seen=form.seen_version,
            mark=mark.nonce,
            keys=keys(),
            settings=settings(),
            now=now(),
        )
    except StaleCase as stale:
        raise CaseMoved from stale


def _given_back(code: str, name: str, form: StepForm, refusal: Refusal) -> ResponseReturnValue:
    if isinstance(refusal, (FormForeign, FormExpired)):
        form.nonce.data = new_mark(keys().receipt, now())
    case = find_case(code)
    if isinstance(form, AddForm) and intake.is_of_files(refusal):
        form.files.errors = [refusal.text(say)]
        return _page(case, code, {name: form}), refusal.status
    return _page(case, code, {name: form}, notice=refusal.text(say)), refusal.status


def _opened(case: Case, code: str, done: str = "") -> ResponseReturnValue:
    """On to the case, so that a reload sends nothing again; a browser without cookies gets the page at once."""
    if not cookies.keeps_cookies():
        return _page(store.case(case.number), code, done=say(DONE.get(done, "")))
    return cookies.keep_case(see(url_for(".view", done=done or None)), code)


def _find_page(form: CaseCodeForm) -> str:
    return render_template("citizen/case_find.html", form=form, errors=errors_of(form), code_length=LENGTH)


def _page(
    case: Case, code: str, posted: Mapping[str, StepForm] | None = None, *, notice: str = "", done: str = ""
) -> str:
    """The page of a case with its forms; `posted`: the one that comes back, by name."""
    came = posted or {}
    forms = {name: came.get(name) or _drawn(made) for name, made in FORMS.items()}
    for form in forms.values():
        form.version.data = str(store.state(case.number).version)
    return render_template(
        "citizen/case_view.html",
        case=shown(case),
        story=story(case),
        code=code,
        forms=forms,
        errors=[error for form in came.values() for error in errors_of(form)],
        notice=notice,
        done=done,
        satisfied_choices=[(value, say(text)) for value, text in SATISFIED.items()],
        levels=[(level, say(scale.LEVELS[level])) for level in LEVELS],
        **intake.bounds(),
    )


def _drawn(made: type[StepForm]) -> StepForm:
    form = made()
    form.nonce.data = new_mark(keys().receipt, now())
    return form
