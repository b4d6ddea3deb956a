"""Plans and sheets of a year's end: settled and kept in versions, never changed."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from survey_app.domain import yearend as rules
from survey_app.domain.audit import canonical_json
from survey_app.domain.yearend import Plan
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import YearEndPlan, YearEndSheet


@dataclass(frozen=True)
class Settled:
    """A plan of a year as it was settled."""

    year: int
    version: int
    plan: Plan
    digest: str
    reason: str
    settled_by: str
    settled_at: datetime


@dataclass(frozen=True)
class Kept:
    """A sheet as it was kept: unit -> its row, in text."""

    year: int
    version: int
    plan_version: int
    rows: dict[str, Any]
    digest: str
    reason: str
    kept_by: str
    kept_at: datetime


def settle(year: int, plan: Plan, *, reason: str, by: str, mark: str, now: datetime, today: date) -> Settled:
    """Keep a plan as the year's next version; sent twice it is one. Raises PlanReasonMissing, PlanFixed."""
    with write():
        if not YearEndPlan.select().where(YearEndPlan.form_mark == mark).exists():
            earlier = plans(year)
            # Whoever has seen the year's figures could choose the weights by whom they help.
            if earlier and (today.year > year or sheets(year)):
                raise rules.PlanFixed(year=str(year))
            if earlier and not reason.strip():
                raise rules.PlanReasonMissing
            text = canonical_json(plan.as_data())
            told = {"plan": text, "digest": sha256(text.encode()).hexdigest(), "reason": reason.strip()}
            _insert(YearEndPlan, year, len(earlier), told, {"settled_by": by, "settled_at": now}, mark)
            detail = {"version": len(earlier) + 1, "sha256": told["digest"]}
            audit.record(actor=by, action="year_end.settle", subject=str(year), detail=detail, now=now)
    return plans(year)[-1]


def plans(year: int) -> list[Settled]:
    """The versions of a year's plan, the first first."""
    rows = YearEndPlan.select().where(YearEndPlan.year == year).order_by(YearEndPlan.version)
    same = ("digest", "reason", "settled_by", "settled_at")
    return [
        Settled(row.year, row.version, rules.plan_from(json.loads(row.plan)), *(getattr(row, name) for name in same))
        for row in rows
    ]


def plan_of(year: int) -> Settled:
    """The plan that holds. Raises PlanUnknown."""
    found = plans(year)
    if not found:
        raise rules.PlanUnknown
    return found[-1]


def keep(year: int, rows: dict[str, Any], *, plan_version: int, reason: str, by: str, mark: str, now: datetime) -> Kept:
    """Keep a sheet as the year's next version; sent twice it is one. Raises SheetReasonMissing for a later one."""
    with write():
        if not YearEndSheet.select().where(YearEndSheet.form_mark == mark).exists():
            count, text = len(sheets(year)), canonical_json(rows)
            if count and not reason.strip():
                raise rules.SheetReasonMissing
            told = {"sheet": text, "digest": sha256(text.encode()).hexdigest(), "plan_version": plan_version}
            told["reason"] = reason.strip() if count else ""
            _insert(YearEndSheet, year, count, told, {"kept_by": by, "kept_at": now}, mark)
            detail = {"version": count + 1, "sha256": told["digest"]}
            audit.record(actor=by, action="year_end.keep", subject=str(year), detail=detail, now=now)
    return sheets(year)[-1]


def sheets(year: int) -> list[Kept]:
    """The versions of a year's sheet, the first first."""
    rows = YearEndSheet.select().where(YearEndSheet.year == year).order_by(YearEndSheet.version)
    same = ("digest", "reason", "kept_by", "kept_at")
    return [
        Kept(row.year, row.version, row.plan_version, json.loads(row.sheet), *(getattr(row, name) for name in same))
        for row in rows
    ]


def _insert(model: Any, year: int, earlier: int, told: dict[str, Any], who: dict[str, Any], mark: str) -> None:
    naive = {name: value.astimezone(UTC).replace(tzinfo=None) for name, value in who.items() if name.endswith("_at")}
    model.insert(year=year, version=earlier + 1, form_mark=mark, **told, **{**who, **naive}).execute()
