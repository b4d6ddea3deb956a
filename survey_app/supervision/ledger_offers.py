"""Orders, assessments and findings as ledgers to download, whole or narrowed."""

from collections.abc import Callable

from survey_app.casework import showing
from survey_app.domain.errors import N_
from survey_app.domain.orders import steps
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, REVIEWER
from survey_app.publishing.book import EVERYDAY
from survey_app.store import assessments, inspections, orders
from survey_app.store.orders import Order
from survey_app.supervision import assessment_views, inspection_views, ledger
from survey_app.web import ledgers, lists
from survey_app.web.context import settings
from survey_app.web.downloads import INSTRUMENTS
from survey_app.web.ledgers import Ledger, Narrowed


def _orders(asked: Narrowed) -> bytes:
    """By the day of issue: a draft has none, and stands in the whole ledger alone."""
    fits = _units(asked)
    found = [one for one in orders.listed() if asked.has(one.issued_on) and fits(one.unit)]
    return lists.table(ledger.ledger(settings()), [one for one in found if _drawn_from(one, asked.instrument)])


def _assessments(asked: Narrowed) -> bytes:
    """By years: one that the period only touches is there."""
    fits, first, last = _units(asked), asked.since, asked.until
    found = [one for one in assessments.standings() if fits(one.unit)]
    found = [one for one in found if (not first or first.year <= one.year) and (not last or one.year <= last.year)]
    return lists.table(assessment_views.made(), found)


def _findings(asked: Narrowed) -> bytes:
    fits = _units(asked)
    found = [one for one in inspections.findings() if asked.has(one.on) and fits(one.unit)]
    return lists.table(inspection_views.made(), found)


def _units(asked: Narrowed) -> Callable[[str], bool]:
    """Whether a line of this unit is wanted; a chosen unit brings its subordinate units along, as in the lists."""
    names = showing.names(settings())
    of_unit = ledger.with_children(names.book, asked.unit) if asked.unit else None
    of_class = names.of_class(asked.unit_class) if asked.unit_class else None
    return lambda unit: all(chosen is None or unit in chosen for chosen in (of_unit, of_class))


def _drawn_from(one: Order, instrument: str) -> bool:
    """Whether it was drawn from a result of this way of rating."""
    if not instrument:
        return True
    rated = one.source in (steps.RESULT, steps.RULE)
    return rated and one.source_ref.startswith(EVERYDAY) == (instrument == "everyday")


_OFFICE = frozenset({DISCIPLINE_OFFICER, AUDITOR})
ledgers.add(Ledger("orders", N_("督查件台账"), _OFFICE | {REVIEWER}, _orders, instruments=tuple(INSTRUMENTS)))
ledgers.add(Ledger("assessments", N_("民主测评"), _OFFICE, _assessments))
ledgers.add(Ledger("findings", N_("督查发现"), _OFFICE, _findings))
