"""What an order is drawn from: a published result, a rule that fired, a case; other rooms of supervision add theirs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from survey_app.casework import showing
from survey_app.casework.showing import Names
from survey_app.domain.cases.kinds import KIND_WORDS
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.orders import steps
from survey_app.exports.releases import Released, Row, read_release
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.store import cases, orders
from survey_app.store.case_lists import OPEN, Wanted, list_cases
from survey_app.store.cases import Case
from survey_app.web.context import settings, today
from survey_app.web.language import say


class OriginUnknown(Refusal):
    code, status = "order-origin", 404
    message = N_("找不到要依据的结果、规则或办件。请从“可以依据的事项”里选。")


@dataclass(frozen=True)
class Origin:
    """What a new order rests on. `ref` finds it again, `basis` says it in words, with its figures."""

    source: str
    ref: str
    unit: str
    basis: str

    @property
    def address(self) -> str:
        """How the form names it: rule:2026-h1/bdc/R1."""
        return f"{self.source}:{self.ref}"


Finder = Callable[[str], Origin]
_finders: dict[str, Finder] = {}


def of(source: str) -> Callable[[Finder], Finder]:
    """Mark the function that finds origins of this source by their `ref`; it raises OriginUnknown or the room's own."""

    def mark(find: Finder) -> Finder:
        _finders[source] = find
        return find

    return mark


def find(address: str) -> Origin:
    """The origin a form or link names; `own` where nothing is named. Raises OriginUnknown."""
    source, _colon, ref = address.partition(":")
    if source in ("", steps.OWN):
        return Origin(steps.OWN, "", "", "")
    if source not in _finders:
        raise OriginUnknown
    return _finders[source](ref)


def fired() -> Iterator[Origin]:
    """Rules that fired in the latest version of a published round, the newest round first."""
    for page, release in _published():
        for row in release.rows("rules"):
            if row["verdict"] == "fires" and row["round"] == page.slug:
                yield _of_rule(page, release, row)


def unanswered() -> list[Origin]:
    """Rules that fired and from which no order was drawn yet."""
    drawn = {ref for ref, _unit in orders.drawn_from(steps.RULE)}
    return [origin for origin in fired() if origin.ref not in drawn]


def waiting_cases() -> list[Origin]:
    """Open cases that are overdue or were refused twice, and from which no order was drawn yet."""
    drawn = {ref for ref, _unit in orders.drawn_from(steps.CASE)}
    found = [
        case
        for wanted in (Wanted(open=OPEN, overdue_on=today()), Wanted(open=OPEN, refused_twice=True))
        for case in list_cases(wanted).cases
        if case.unit and case.number not in drawn
    ]
    names = showing.names(settings())  # once for all: it looks at every page's file
    return [_of_case(case, names) for case in {case.number: case for case in found}.values()]


@of(steps.RULE)
def _rule(ref: str) -> Origin:
    found = next((origin for origin in fired() if origin.ref == ref), None)
    if found is None:
        raise OriginUnknown
    return found


@of(steps.RESULT)
def _result(ref: str) -> Origin:
    """`ref`: round/unit."""
    code, _slash, unit = ref.partition("/")
    for page, release in _published():
        rows = release.rows("scores", unit) if page.slug == code else []
        if unit and rows:
            words = N_("%(round)s（第%(version)s版）：%(figures)s")
            told = {"round": page.title, "version": release.version, "figures": figures_in_words(rows[0])}
            return Origin(steps.RESULT, ref, unit, fill(words, told, say))
    raise OriginUnknown


@of(steps.CASE)
def _case(ref: str) -> Origin:
    return _of_case(cases.case(ref), showing.names(settings()))


def _of_case(case: Case, names: Names) -> Origin:
    told = {
        "kind": say(KIND_WORDS[case.kind]),
        "number": case.number,
        "on": case.received_at.date(),
        "unit": names.unit(case.unit),
    }
    late = case.due_on is not None and case.due_on < today()
    words = N_("%(kind)s%(number)s（%(on)s收到），承办%(unit)s，%(due)s到期没有办完")
    refused = N_("%(kind)s%(number)s（%(on)s收到），承办%(unit)s，还没有办结")
    basis = fill(words if late else refused, {**told, "due": case.due_on}, say)
    return Origin(steps.CASE, case.number, case.unit, basis)


def figures_in_words(row: Row) -> str:
    """A unit's figures of a round as they were published; what was withheld is said."""
    if row.get("score") is None:
        return say(N_("样本不足，不计分"))
    told = {"score": f"{row['score']:.2f}", "satisfied": f"{row['satisfied_pct']:.1f}", "n": row["n"]}
    return fill(N_("得分%(score)s，满意率%(satisfied)s%%，%(n)s票"), told, say)


def figures_since(origin_ref: str, unit: str) -> list[tuple[str, str]]:
    """Round and figures of the unit, from the round an order rests on to the newest, oldest first."""
    rounds = [(page, release.rows("scores", unit)) for page, release in _published()]
    known = {page.slug: str(page.data["closes_on"]) for page, _rows in rounds}
    since = known.get(origin_ref.partition("/")[0], "9999")
    found = [(page.title, figures_in_words(rows[0])) for page, rows in rounds if rows and known[page.slug] >= since]
    return found[::-1]


def _of_rule(page: Page, release: Released, row: Row) -> Origin:
    words = {rule["id"]: rule["zh"] for rule in release.model["method"]["rules"]}
    told = {"round": page.title, "version": release.version, "rule": words.get(row["rule"], row["rule"])}
    if not row.get("over"):
        basis = fill(N_("%(round)s（第%(version)s版）触发规则“%(rule)s”"), told, say)
    else:
        share = {"count": row["count"], "over": row["over"], "pct": f"{float(row['share_pct']):.1f}"}
        shown = N_("%(round)s（第%(version)s版）触发规则“%(rule)s”：%(over)s人中%(count)s人，占%(pct)s%%")
        basis = fill(shown, {**told, **share}, say)
    return Origin(steps.RULE, f"{page.slug}/{row['unit']}/{row['rule']}", str(row["unit"]), basis)


def _published() -> Iterator[tuple[Page, Released]]:
    for page in _rounds(revising.book_of(settings())):
        if release := read_release(settings().pages / "results" / page.slug):
            yield page, release


def _rounds(book: Book) -> list[Page]:
    published = [page for page in book.kind("round") if page.data.get("status") == "published"]
    return sorted(published, key=lambda page: str(page.data["closes_on"]), reverse=True)
