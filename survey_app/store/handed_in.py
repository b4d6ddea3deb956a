"""How much a unit has handed in: files of its replies to orders and of its objections, in a year."""

from datetime import date, timedelta

from peewee import fn

from survey_app.domain import attached
from survey_app.domain.attached import DELETED
from survey_app.domain.objections import UNIT
from survey_app.store.models import Objection, ObjectionFile, OrderEvent, OrderFile, OrderRecord

YEAR = timedelta(days=365)


def require_room(unit: str, adding: int, *, most: int, today: date) -> None:
    """Whether files of so many bytes may be kept besides those of the last year. Raises UnitFilesFull.

    Threat: one account that fills the disk for everybody. Two forms sent at once may both pass; they are bounded, too.
    """
    held = bytes_of(unit, today - YEAR) if adding else 0
    if adding and held + adding > most:
        raise attached.UnitFilesFull(held=_mib(held), adding=_mib(adding), most=most // 2**20)


def bytes_of(unit: str, since: date) -> int:
    """What lies here of this unit's files handed in after this day, in bytes before sealing."""
    here = (OrderEvent.order == OrderFile.order) & (OrderEvent.number == OrderFile.event)
    replies = OrderFile.select(fn.SUM(OrderFile.size)).join(OrderRecord).switch(OrderFile).join(OrderEvent, on=here)
    replies = replies.where(OrderRecord.unit_slug == unit, OrderFile.state != DELETED, OrderEvent.on > since)
    objections = ObjectionFile.select(fn.SUM(fn.LENGTH(ObjectionFile.content))).join(Objection)
    objections = objections.where(Objection.unit_slug == unit, Objection.origin == UNIT, Objection.filed_on > since)
    return int(replies.scalar() or 0) + int(objections.scalar() or 0)


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f}"
