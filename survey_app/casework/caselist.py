"""The list of cases at the unit's desk and at the office's: who sees which, what it can be narrowed by, its Excel."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import showing
from survey_app.casework.desks import Desk
from survey_app.casework.showing import Names
from survey_app.domain.cases import kinds, steps
from survey_app.domain.errors import N_
from survey_app.store import case_lists, case_private
from survey_app.store.case_lists import CLOSED, OPEN, Wanted
from survey_app.store.cases import Case
from survey_app.web import lists
from survey_app.web.context import keys, settings, today
from survey_app.web.language import say
from survey_app.web.lists import Asked, Column, Filter, Found, List
from survey_app.web.looking import note_look

BEGINNING = 60  # signs of what was written in a list
LOOKED = "case.list_seen"
SIGNS = "✓✕! "  # of a countdown; a tag of a list brings its own
Shows = Mapping[str, tuple[str, Wanted]]


@dataclass(frozen=True)
class Row:
    """A case in a list; `begins`: the first of what the person wrote, for those who work on it."""

    case: Case
    begins: str = ""


@dataclass(frozen=True)
class Listing:
    """One desk's list. `shows`: code -> words and what it asks for, besides what is open, which is shown first.

    `units`: (slug, title) to choose from; `readable`: the kinds this person may read, empty for all.
    """

    desk: Desk
    shows: Shows
    units: Sequence[tuple[str, str]] = ()
    readable: Collection[str] = ()

    def answer(self) -> ResponseReturnValue:
        """The page, or Excel where the address asks for it."""
        chosen, asked = self._shows(), lists.ask(self._made())
        counts = {code: case_lists.count_cases(self._wanted(asked, wanted)) for code, (_, wanted) in chosen.items()}
        return lists.answer(
            self._made(),
            self._find,
            "staff/cases.html",
            shows=[(code, words, counts[code]) for code, (words, _wanted) in chosen.items()],
            new_endpoint=self.desk.at("new_case") if self.desk.role else "",
            figures_endpoint="" if self.desk.unit else self.desk.at("case_figures"),
        )

    def _shows(self) -> Shows:
        return {
            "": (N_("没有办结的"), Wanted(open=OPEN)),
            "late": (N_("已经逾期的"), Wanted(overdue_on=today())),
            **self.shows,
            "closed": (N_("已办结的"), Wanted(open=CLOSED)),
            "all": (N_("全部"), Wanted()),
        }

    def _made(self) -> List:
        names = showing.names(settings())
        return List(N_("办件"), EMPTY, tuple(self._columns(names)), tuple(self._filters()), order=case_lists.DUE)

    def _filters(self) -> Iterable[Filter]:
        shows = [(code, words) for code, (words, _wanted) in self._shows().items() if code]
        may_read = [(kind, words) for kind, words in kinds.KIND_WORDS.items() if kind in (self.readable or kinds.KINDS)]
        yield replace(lists.choice("show", N_("看哪些"), shows), boxed=False)
        yield lists.choice("kind", N_("类别"), may_read)
        if self.units:
            yield lists.choice("unit", N_("单位"), self.units)
        yield lists.choice("channel", N_("怎么来的"), kinds.CHANNEL_WORDS.items())
        yield lists.words("number", N_("编号，从头写起"))
        yield lists.day("since", N_("收到，从哪天"))
        yield lists.day("until", N_("收到，到哪天"))

    def _columns(self, names: Names) -> Iterable[Column]:
        yield Column("number", N_("编号"), lambda row: row.case.number, href=self._address)
        yield Column("kind", N_("类别"), lambda row: kinds.KIND_WORDS[row.case.kind])
        yield Column("due", N_("最后一日"), lambda row: row.case.due_on, text=_days_left, tag=_tone)
        yield Column("left", N_("还有几天"), _days_left, sort=False, on_page=False)
        if self.desk.role:
            yield Column("begins", N_("来件开头"), lambda row: row.begins, sort=False, in_book=False)
        if not self.desk.unit:
            yield Column("unit", N_("单位"), lambda row: names.unit(row.case.unit) or N_("还没有交给单位"))
        yield Column("procedure", N_("事项"), lambda row: _procedure(names, row.case), sort=False)
        yield Column("received", N_("收到"), lambda row: received_on(row.case))
        yield Column("channel", N_("怎么来的"), lambda row: _channel(row.case), sort=False, on_page=False)
        yield Column("state", N_("情况"), lambda row: steps.STATE_WORDS[row.case.state])
        yield Column("marks", N_("留意"), _marks, tag=_gravest, sort=False)

    def _address(self, row: Row) -> str:
        return url_for(self.desk.at("case"), number=row.case.number)

    def _find(self, asked: Asked) -> Found:
        wanted = self._wanted(asked, self._shows()[asked["show"]][1])
        return Found(
            case_lists.count_cases(wanted), lambda limit, offset: self._rows(wanted, asked.sort, limit, offset)
        )

    def _wanted(self, asked: Asked, wanted: Wanted) -> Wanted:
        return replace(
            wanted,
            unit=self.desk.unit or asked["unit"],
            kinds=[asked["kind"]] if asked["kind"] else self.readable,
            channel=asked["channel"],
            number=asked["number"],
            received_from=asked.day("since"),
            received_to=asked.day("until"),
        )

    def _rows(self, wanted: Wanted, sort: str, limit: int, offset: int) -> list[Row]:
        cases = case_lists.list_cases(wanted, sort=sort, limit=limit, offset=offset).cases
        begins = _beginnings(cases) if self.desk.role and not lists.wants_workbook() else {}
        return [Row(case, begins.get(case.number, "")) for case in cases]


EMPTY = N_("没有要办的办件。群众交来或替人录入以后列在这里；办结了的在“已办结的”里。")


def received_on(case: Case) -> date:
    """The day on which it came, by the district's clock."""
    return case.received_at.astimezone(ZoneInfo(settings().timezone)).date()


def _beginnings(cases: Sequence[Case]) -> dict[str, str]:
    """Case number -> the first of what the person wrote, by which a clerk tells one case from another.

    Whoever is shown any has read what people wrote: once a person, list and hour that stands in the audit log.
    """
    written = case_private.first_words([case.number for case in cases], keys())
    found = {number: " ".join(str(content.get("words", "")).split())[:BEGINNING] for number, content in written.items()}
    if any(found.values()):
        note_look(LOOKED, request.path)
    return found


def _days_left(row: Row) -> str:
    return showing.countdown(row.case, settings(), today()).words.lstrip(SIGNS)


def _tone(row: Row) -> str:
    return showing.countdown(row.case, settings(), today()).tone


def _procedure(names: Names, case: Case) -> str:
    return names.procedure(case) if case.procedure else ""


def _channel(case: Case) -> str:
    return kinds.CHANNEL_WORDS.get(case.channel, case.channel)


def _marks(row: Row) -> str:
    return say(N_("、")).join(say(words) for _tone, words in showing.marks(row.case))


def _gravest(row: Row) -> str | None:
    return next((tone for tone, _words in showing.marks(row.case)), None)
