"""What can be downloaded: every room offers its files, by role; the page 下载 lists them all.

    @downloads.source(CASE_HANDLER, AUDITOR)
    def _cases() -> Iterator[Offer]:
        yield Offer("cases-2026.xlsx", N_("办件台账"), LEDGER, "2026", date(2026, 12, 31), make=_cases_of_2026)

A name is stable and dated: the same name is the same content, or a later state of it with another day in it. What takes
longer than a moment has no `make` but is `prepared` in the background: kind of maker and its argument (jobs/preparing).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from survey_app.domain.errors import N_, Refusal
from survey_app.web.people import Person
from survey_app.web.sending import CSV, XLSX

WORKBOOK, NOTICE, BRIEF, DATA, LEDGER, LOG = "workbook", "notice", "brief", "data", "ledger", "log"
KINDS = {
    WORKBOOK: N_("工作簿"),
    NOTICE: N_("通报"),
    BRIEF: N_("简报"),
    DATA: N_("数据（CSV）"),
    LEDGER: N_("台账"),
    LOG: N_("操作记录"),
}
INSTRUMENTS = {"campaign": N_("群众评议"), "everyday": N_("好差评")}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MIMETYPES = {".xlsx": XLSX, ".docx": DOCX, ".csv": CSV, ".zip": "application/zip"}


class NoSuchFile(Refusal):
    code, status = "no-such-file", 404
    message = N_("没有这个文件，或您的角色不能下载它。请从“下载”里找。")


@dataclass(frozen=True)
class Offer:
    """A file that may be had. `period` is a year, `on` the day its content is of."""

    name: str
    title: str
    kind: str
    period: str
    on: date
    make: Callable[[], bytes] | None = None
    prepared: tuple[str, str] | None = None
    instrument: str = ""
    round_title: str = ""

    @property
    def mimetype(self) -> str:
        """By the ending of its name."""
        return MIMETYPES[PurePath(self.name).suffix]


Source = Callable[[], Iterable[Offer]]
_sources: list[tuple[frozenset[str], Source]] = []


def source(*roles: str) -> Callable[[Source], Source]:
    """Mark a function that offers files to people with one of these roles."""

    def mark(offers: Source) -> Source:
        _sources.append((frozenset(roles), offers))
        return offers

    return mark


def offers_for(who: Person) -> list[Offer]:
    """Everything this person may download, the latest first."""
    found = [offer for roles, offers in _sources if roles & who.roles for offer in offers()]
    return sorted(found, key=lambda offer: offer.on, reverse=True)


def offer_named(who: Person, name: str) -> Offer:
    """The offer by its name. Raises NoSuchFile where there is none for this person."""
    for offer in offers_for(who):
        if offer.name == name:
            return offer
    raise NoSuchFile
