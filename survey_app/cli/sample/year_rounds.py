"""Rounds in every state: planned, announced, open, closed with an objection, corrected, void; one was stuffed."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import tomli_w

from survey_app.cli.sample.days import noon
from survey_app.cli.sample.simulate import simulate_ballots
from survey_app.config import Keys, Settings
from survey_app.domain import objections as ruling
from survey_app.domain.ballot_box import Answers
from survey_app.domain.errors import N_
from survey_app.domain.objections import UPHELD, Correction
from survey_app.domain.rounds import WEB
from survey_app.office import drafting, opening, planning
from survey_app.office import rounds as office
from survey_app.office.methods import METHOD, method_text
from survey_app.office.standing import ReleaseMissing, newest
from survey_app.publishing.revisions import revising
from survey_app.store import ballots, batches, codes, objections, plans, running
from survey_app.store import rounds as store
from survey_app.store.objections import Filing
from survey_app.store.rounds import Round

OFFICER, REVIEWER, HEAD = "demo-guan", "demo-shen", "demo-qin"
STUFFED_UNIT, OBJECTING_UNIT = "shebao", "budongchan"
STUFFED, SMALL = 45, 0.35
MARK, SAMPLE = "（演练，模拟数据）", "（演练示例）"
# A rule that one unit fires: what an order is drawn from.
RULE = """
[[rule]]
id = "fifth-dissatisfied"
zh = "总体不满意达到五分之一"
basis = "演练用的规则"
dimension = "overall"
left = { count = ["level_1", "level_2"] }
over = { count = ["level_1", "level_2", "level_3", "level_4", "level_5"] }
op = ">="
value = "1/5"
""".encode()


@dataclass(frozen=True)
class Stage:
    """Where and when the year is played; `scale` shrinks the number of people."""

    settings: Settings
    keys: Keys
    today: date
    progress: Callable[[str], None]
    scale: float

    def before(self, days: int) -> date:
        """So many days ago."""
        return self.today - timedelta(days=days)


def live(stage: Stage) -> None:
    """Make the rounds that are absent. The one open for rating and two published ones are there already."""
    today = stage.today
    _running(stage)
    known = {round_.code for round_ in store.list_rounds()}
    for suffix, make in (("qy", _corrected), ("zx", _at_units), ("zf", _void), ("gs", _announced)):
        code = f"{today.year}-{suffix}"
        if code not in known or not _ENDED[suffix](code, stage):
            stage.progress(code)
            make(code, stage)
    if not plans.list_plans():
        planning.begin("standard", mark="sample-plan", actor=OFFICER, now=noon(today), today=today)


def _is_on_site(code: str, stage: Stage) -> bool:
    return (stage.settings.pages / "results" / code / "index.md").is_file()


_ENDED: Mapping[str, Callable[[str, Stage], bool]] = {
    "qy": lambda code, stage: (stage.settings.pages / "results" / code / "v1").is_dir(),
    "zx": lambda code, _stage: bool(objections.of_round(store.get_round(code))),
    "zf": lambda code, _stage: store.get_round(code).status == "void",
    "gs": _is_on_site,
}


def _running(stage: Stage) -> None:
    """Some have rated in the sample's open round, so that it has a progress to look at and can be closed early."""
    for round_ in store.open_rounds(stage.today):
        if round_.name.endswith(SAMPLE):  # never one that somebody opened to learn
            simulate_ballots(round_, stage.keys, stage.progress, scale=stage.scale * SMALL, until=stage.today)


def _corrected(code: str, stage: Stage) -> None:
    """Published, then an objection was upheld: version 2 stands beside what it changed."""
    opened, closed = stage.before(150), stage.before(110)
    name = f"{stage.today.year}年窗口单位专项评议{MARK}"
    round_ = _collected(code, name, opened, closed, stage)
    if round_.status != "published":
        office.publish_round(code, stage.settings, noon(closed, 20), stage.progress)
    release = newest(code, stage.settings)
    if release is None:
        raise ReleaseMissing
    filing = Filing(OBJECTING_UNIT, "应评人数报错了，实际是40人。", f"{code}-late", OFFICER, found_in=release.digest)
    on = closed + timedelta(days=30)
    filed = objections.file_objection(round_, filing, now=noon(on), today=on)
    change = ruling.typed_correction(
        ruling.PANEL, group="deputy", people="40", class_code="", groups=frozenset({"deputy"}), classes=frozenset()
    )
    if filed.state != ruling.RULED:
        _rule(round_, filed.number, UPHELD, "核对名册，应评人数是40人。", change, on)
    office.amend_round(code, stage.settings)
    office.publish_round(code, stage.settings, noon(on, 5), stage.progress)


def _at_units(code: str, stage: Stage) -> None:
    """Closed, with a stuffed unit that the checks find; units look at their drafts, one has objected."""
    opened, closed = stage.before(45), stage.before(4)
    name = f"{stage.today.year}年社保和登记专项评议{MARK}"
    round_ = _collected(code, name, opened, closed, stage, stuffed=True)
    draft_day = stage.before(1)
    drafting.show(round_, by=OFFICER, settings=stage.settings, now=noon(draft_day), today=draft_day)
    filing = Filing(OBJECTING_UNIT, "10月有两天系统检修没有办事，票数应当少。请核对。", f"{code}-objection", HEAD)
    objections.file_objection(round_, filing, now=noon(stage.today), today=stage.today)


def _void(code: str, stage: Stage) -> None:
    opened = stage.before(80)
    known = {round_.code: round_.status for round_ in store.list_rounds()}
    if code not in known:
        _create(stage.settings, code, f"{stage.today.year}年村居专项评议{MARK}", opened, opened + timedelta(days=30))
    if known.get(code, "draft") == "draft":
        _open(stage.settings, code, opened)
    on = opened + timedelta(days=3)
    running.void_round(code, reason="评议码寄错了村，重新组织。", actor=OFFICER, now=noon(on), today=on)


def _announced(code: str, stage: Stage) -> None:
    """Settled, its method on the site, not open yet."""
    if code not in {round_.code for round_ in store.list_rounds()}:
        opens = stage.today + timedelta(days=20)
        _create(stage.settings, code, f"{stage.today.year}年公共服务专项评议{MARK}", opens, opens + timedelta(days=40))
    opening.announce(code, settings=stage.settings, actor=OFFICER, now=noon(stage.today), today=stage.today)


def _collected(code: str, name: str, opened: date, closed: date, stage: Stage, *, stuffed: bool = False) -> Round:
    """From plan to computed release, from wherever an interrupted run stopped."""
    known = {round_.code: round_.status for round_ in store.list_rounds()}
    if code not in known:
        _create(stage.settings, code, name, opened, closed)
    if known.get(code, "draft") == "draft":
        _open(stage.settings, code, opened)
    if store.get_round(code).status == "open":
        round_ = store.get_round(code)
        simulate_ballots(round_, stage.keys, stage.progress, scale=stage.scale * SMALL)
        if stuffed:
            _stuff(round_, stage.keys, closed - timedelta(days=10))
    if not (stage.settings.rounds / code / "release").exists():
        key = stage.settings.keys / "sample" / f"{code}.office.key"
        stage.progress(N_("计算示例结果"))
        office.close_round(code, key_copy=key, reason=None, settings=stage.settings, now=noon(closed, 1))
        office.compute_round(code, stage.settings)
    return store.get_round(code)


def _stuff(round_: Round, keys: Keys, day: date) -> None:
    """Dozens of ballots with the best of marks for one unit in two days: what the integrity tests are for."""
    if sum(batch.unit_slug == STUFFED_UNIT and batch.group == "citizen" for batch in batches.ledger(round_.code)) > 1:
        return  # an interrupted run has been here
    chance = random.Random(f"stuffed|{round_.code}")
    answers: Answers = {named.code: 5 for named in round_.questionnaire.dimensions}
    fresh = codes.issue_codes(
        round_code=round_.code,
        group="citizen",
        count=STUFFED,
        channel="window",
        unit_slug=STUFFED_UNIT,
        keys=keys,
        today=round_.opens_on,
    )
    for number, code in enumerate(fresh):
        ballots.cast_ballot(
            round_=round_,
            unit_slug=STUFFED_UNIT,
            code=code,
            form_nonce=f"{chance.getrandbits(128):032x}",
            answers=answers,
            keys=keys,
            today=day + timedelta(days=number % 2),
            way=WEB,
        )


def _rule(round_: Round, number: int, decision: str, reason: str, change: Correction, on: date) -> None:
    objections.propose(round_, number, decision=decision, reason=reason, correction=change, by=OFFICER, now=noon(on))
    objections.confirm(round_, number, by=REVIEWER, now=noon(on, 1), today=on + timedelta(days=1))


def _create(settings: Settings, code: str, name: str, opens_on: date, closes_on: date) -> None:
    """A small round: units of the window class, with panels of twenty."""
    folder = settings.var / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / METHOD).write_bytes(method_text("standard") + RULE)
    units = [page.slug for page in revising.book_of(settings).live_units if page.data.get("class") == "window"]
    plan = {"format": 1, "code": code, "name": name, "opens_on": opens_on, "closes_on": closes_on, "method": METHOD}
    unit = [{"slug": slug, "panel": {"deputy": 20}} for slug in units]
    file = folder / f"{code}.toml"
    file.write_text(tomli_w.dumps({**plan, "unit": unit}), "utf-8")
    office.create_round(file, settings)


def _open(settings: Settings, code: str, on: date) -> None:
    folder = settings.keys / "sample"
    for copy in folder.glob(f"{code}.*.key"):  # left by a run that stopped between key and opening
        copy.unlink()
    copies = {"office_copy": folder / f"{code}.office.key", "auditor_copy": folder / f"{code}.auditor.key"}
    office.open_round(code, **copies, settings=settings, now=noon(on))
