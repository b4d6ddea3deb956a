"""The verbs of a plan: begun from a template or a round, changed step by step, settled into a draft round."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomli_w

from survey_app.config import Settings
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.plans import CODES, PANEL, POPULATION, Draft
from survey_app.exports import analysis
from survey_app.office import rounds as office
from survey_app.office.methods import METHOD, PLAN, TEMPLATES, method_text, plan_text
from survey_app.publishing.pages import Page
from survey_app.store import plans
from survey_app.store.plans import Plan
from survey_app.store.rounds import Round, get_round

FROM_ROUND = "round:"
SOME_DAY = date(2000, 1, 3)  # stands in the file for foresight where the plan has no days yet


class NothingToBeginFrom(Refusal):
    code, status = "begin-from", 422
    message = N_("请选从哪一套办法或哪一轮开始。")


class PlanIncomplete(Refusal):
    code, status = "plan-incomplete", 409
    message = N_("计划还缺：%(missing)s。填好再定稿。")


def begin(source: str, *, mark: str, actor: str, now: datetime, today: date) -> int:
    """A plan from a template's name or "round:<code>". Raises NothingToBeginFrom, RoundUnknown."""
    if source in TEMPLATES:
        draft = _of_template(source, today)
    elif source.startswith(FROM_ROUND):
        draft = _again(get_round(source.removeprefix(FROM_ROUND)))
    else:
        raise NothingToBeginFrom
    return plans.begin_plan(draft, mark=mark, actor=actor, now=now)


def draft_of(round_: Round) -> Draft:
    """The plan a round was made of."""
    return Draft(
        code=round_.code,
        name=round_.name,
        opens_on=round_.opens_on.isoformat(),
        closes_on=round_.closes_on.isoformat(),
        method=tomllib.loads(round_.method_toml.decode()),
        units={unit.slug: {kind: dict(by) for kind, by in unit.sizes.items()} for unit in round_.units},
    )


def require_method(draft: Draft) -> None:
    """Whether analysis accepts the method, by the check the command line uses. Raises AnalysisRefused."""
    with TemporaryDirectory(prefix="pingyi-plan-") as folder:
        file = Path(folder) / METHOD
        file.write_bytes(draft.method_toml())
        analysis.check_method(file)


def settle(plan: Plan, *, version: int, settings: Settings, actor: str, now: datetime) -> str:
    """The plan becomes a draft round through the files and checks of `pingyi round create`; returns its code.

    Raises PlanIncomplete, PlanChanged, RoundExists, BadInput, AnalysisRefused; nothing is changed then.
    """
    if missing := lacking(plan.draft):
        raise PlanIncomplete(missing=missing[0])
    with TemporaryDirectory(prefix="pingyi-plan-") as folder:
        file = Path(folder) / PLAN
        file.write_bytes(plan.draft.plan_toml())
        (Path(folder) / METHOD).write_bytes(plan.draft.method_toml())
        office.create_round(
            file, settings, first=lambda: plans.delete_plan(plan.number, version=version, actor=actor, now=now)
        )
    return plan.draft.code


def take_back(code: str, *, mark: str, actor: str, now: datetime) -> int:
    """A draft round becomes a plan again. Raises IllegalMove, CodesIssued."""
    return plans.take_back(code, draft_of(get_round(code)), mark=mark, actor=actor, now=now)


def lacking(draft: Draft) -> list[str]:
    """What a plan needs before it can be settled, in words."""
    found = [] if draft.code and draft.name and draft.opens_on and draft.closes_on else [N_("名称和日期")]
    return found if draft.units else [*found, N_("单位")]


def foresight(draft: Draft, classes: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """What the plan could show, by class; `classes`: slug -> class. Rows as in analysis/foresight.py.

    Raises AnalysisRefused.
    """
    units = [_planned(slug, code, draft.units[slug]) for slug, code in classes.items() if slug in draft.units]
    if not units:
        return {}
    facts = {"format": 1, "code": "plan", "name": "plan", "instrument": "campaign"}
    days = {"opens_on": SOME_DAY, "closes_on": SOME_DAY}
    found: dict[str, list[dict[str, Any]]] = json.loads(
        _foreseen(draft.method_toml(), tomli_w.dumps({**facts, **days, "unit": units}))
    )
    return found


def _planned(slug: str, class_code: str, sizes: Mapping[str, Mapping[str, int]]) -> dict[str, object]:
    tables = {"codes_issued": sizes.get(CODES), PANEL: sizes.get(PANEL), POPULATION: sizes.get(POPULATION)}
    known = {name: dict(by) for name, by in tables.items() if by}
    return {"slug": slug, "zh": slug, "class": class_code, **known}


@lru_cache(maxsize=32)
def _foreseen(method_toml: bytes, round_toml: str) -> str:
    """A process of its own takes about a second, so the same plan is asked about once."""
    with TemporaryDirectory(prefix="pingyi-plan-") as folder:
        (Path(folder) / METHOD).write_bytes(method_toml)
        (Path(folder) / "round.toml").write_text(round_toml, "utf-8")
        return analysis.foresee(Path(folder))


def _of_template(name: str, today: date) -> Draft:
    table = tomllib.loads(plan_text(name, today))
    return Draft(
        code=table["code"],
        name=table["name"],
        opens_on=table["opens_on"].isoformat(),
        closes_on=table["closes_on"].isoformat(),
        method=tomllib.loads(method_text(name).decode()),
    )


def _again(round_: Round) -> Draft:
    """The same method and units; name, code and days are new."""
    before = draft_of(round_)
    return Draft(method=before.method, units=before.units)


def classes_of(pages: list[Page]) -> dict[str, str]:
    """Published units that may be rated: slug -> class code, in the order of their slugs."""
    rated = [page for page in pages if page.kind == "unit" and not page.data.get("merged_into")]
    return {page.slug: str(page.data.get("class", "")) for page in sorted(rated, key=lambda page: page.slug)}
