"""The ledger of codes as a list: batches issued, used, void; numbers alone."""

from collections.abc import Sequence

from flask import url_for

from survey_app.domain.errors import N_, fill
from survey_app.domain.rounds import CHANNEL_WORDS
from survey_app.store import batches
from survey_app.store.batches import BatchCount
from survey_app.store.rounds import Round
from survey_app.web import lists
from survey_app.web.language import say
from survey_app.web.lists import Column, List, Shown

USABLE, VOIDED = "usable", "voided"
STATES = {USABLE: N_("可用"), VOIDED: N_("已作废")}


def shown(round_: Round, rows: Sequence[BatchCount] | None = None) -> Shown:
    """The ledger of a round, as this request asks for it."""
    made = list_of(round_)
    found = lists.in_memory(made, newest_first(round_) if rows is None else rows)
    return lists.look(made, found, url_for("office.codes", round_code=round_.code))


def newest_first(round_: Round) -> list[BatchCount]:
    """Whoever has just issued or voided a batch finds it at the top, not on the second page."""
    return batches.ledger(round_.code)[::-1]


def list_of(round_: Round) -> List:
    """The list of a round's batches: its own groups and units."""
    units = dict(batches.terms_of(round_).units)
    groups = {group.code: group.zh for group in round_.questionnaire.groups}
    channels = {code: CHANNEL_WORDS.get(code, code) for code in round_.questionnaire.counted_channels}
    return List(
        title=N_("评议码台账"),
        empty=N_("还没有发过评议码。发码人在这一页“发一批”以后，各批列在这里。"),
        columns=(
            Column("label", N_("批次"), lambda row: row.label),
            Column("group", N_("评议主体"), lambda row: groups.get(row.group, row.group)),
            Column("unit", N_("单位"), lambda row: units.get(row.unit_slug, N_("任何单位"))),
            Column("channel", N_("渠道"), lambda row: CHANNEL_WORDS.get(row.channel, row.channel)),
            Column("issued", N_("已发"), lambda row: row.issued, number=True),
            Column("used", N_("已用"), lambda row: row.used, number=True),
            Column("void", N_("作废"), lambda row: row.void, number=True),
            Column("unused", N_("没用"), lambda row: row.unused, number=True),
            Column("returned", N_("收回率"), _returned, key=_share, number=True),
            Column("issued_on", N_("发出"), lambda row: row.issued_on),
            Column("state", N_("情况"), lambda row: STATES[_state(row)], tag=_look),
            Column("remark", N_("备注"), _remark, sort=False),
        ),
        filters=(
            lists.choice("group", N_("评议主体"), groups.items(), lambda row, group: row.group == group),
            lists.choice("unit", N_("单位"), units.items(), lambda row, unit: row.unit_slug == unit),
            lists.choice("channel", N_("渠道"), channels.items(), lambda row, channel: row.channel == channel),
            lists.choice("state", N_("情况"), STATES.items(), lambda row, state: _state(row) == state),
        ),
    )


def _share(row: BatchCount) -> float | None:
    return row.used / row.valid if row.valid else None


def _returned(row: BatchCount) -> str:
    """Used out of those issued and not void, in percent."""
    return f"{100 * row.used / row.valid:.1f}%" if row.valid else ""


def _state(row: BatchCount) -> str:
    return VOIDED if row.voided_on else USABLE


def _look(row: BatchCount) -> str:
    return "warn" if row.voided_on else ""


def _remark(row: BatchCount) -> str:
    replaced = fill(N_("代替第%(label)s批"), {"label": row.replaces}, say) if row.replaces else ""
    return say(N_("；")).join(part for part in (row.void_reason, replaced) if part)
