"""How a running round stands: counts of codes and cards, never what a ballot says, for anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from survey_app.domain import paper as cards
from survey_app.domain.plans import CODES, PANEL, POPULATION
from survey_app.domain.rounds import CHANNEL_WORDS, PAPER
from survey_app.store import batches, boxweeks, paper
from survey_app.store.batches import BatchCount
from survey_app.store.rounds import Round

ANY_UNIT = ""


@dataclass(frozen=True)
class Count:
    """Codes of one thing: issued and not void, used, and how many were planned (0: nobody said)."""

    name: str
    issued: int
    used: int
    planned: int = 0

    @property
    def used_pct(self) -> str:
        """Used of issued, empty where none is issued."""
        return f"{100 * self.used / self.issued:.1f}%" if self.issued else ""


@dataclass(frozen=True)
class Progress:
    """What a round's page shows while it runs."""

    total: Count
    by_unit: list[Count]
    by_group: list[Count]
    by_channel: list[Count]
    composition: list[Count]  # unit × group where people or codes were planned
    by_week: list[tuple[date, int]]
    cards: dict[str, int]


def progress(round_: Round) -> Progress:
    """Counts of a round as they stand now."""
    ledger = batches.ledger(round_.code)
    names = {unit.slug: unit.zh for unit in round_.units}
    groups = {group.code: group.zh for group in round_.questionnaire.groups}
    staged = [card.state for card in paper.list_staged(round_)]
    return Progress(
        total=_sum("", ledger),
        by_unit=_by_unit(round_, ledger, names),
        by_group=[_sum(zh, _of(ledger, group=code), _planned(round_, code)) for code, zh in groups.items()],
        by_channel=[_sum(word, found) for code, word in CHANNEL_WORDS.items() if (found := _of(ledger, channel=code))],
        composition=_composition(round_, ledger, groups),
        by_week=boxweeks.count_by_week(round_.code),
        cards={
            "issued": _sum("", _of(ledger, channel=PAPER)).issued,
            "used": _sum("", _of(ledger, channel=PAPER)).used,
            "entered": staged.count(cards.ENTERED),
            "differing": staged.count(cards.DIFFERING),
            "settled": staged.count(cards.SETTLED),
        },
    )


def reminders(round_: Round, found: Progress) -> list[Count]:
    """Units that would get no score as things stand, the furthest behind first: fewer used codes than min_n.

    Codes good for any unit may still reach them, so this says whom to ask, not what will come out.
    """
    least = round_.questionnaire.min_n
    return sorted((one for one in found.by_unit if one.name and one.used < least), key=lambda one: one.used)


def _by_unit(round_: Round, ledger: list[BatchCount], names: dict[str, str]) -> list[Count]:
    planned = {unit.slug: sum(unit.sizes.get(CODES, {}).values()) for unit in round_.units}
    found = [_sum(zh, _of(ledger, unit=slug), planned[slug]) for slug, zh in names.items()]
    roaming = [batch for batch in ledger if batch.unit_slug is None]
    return [*found, *([_sum(ANY_UNIT, roaming)] if roaming else [])]


def _composition(round_: Round, ledger: list[BatchCount], groups: dict[str, str]) -> list[Count]:
    """Unit × group against plan: planned codes, else the panel, else the population."""
    found = []
    for unit in round_.units:
        for code, zh in groups.items():
            planned = next((n for kind in (CODES, PANEL, POPULATION) if (n := unit.sizes.get(kind, {}).get(code))), 0)
            if planned:
                found.append(_sum(f"{unit.zh}　{zh}", _of(ledger, unit=unit.slug, group=code), planned))
    return found


def _planned(round_: Round, group: str) -> int:
    return sum(unit.sizes.get(CODES, {}).get(group, 0) for unit in round_.units)


def _of(ledger: Iterable[BatchCount], *, unit: str = "", group: str = "", channel: str = "") -> list[BatchCount]:
    return [
        batch
        for batch in ledger
        if (not unit or batch.unit_slug == unit)
        and (not group or batch.group == group)
        and (not channel or batch.channel == channel)
    ]


def _sum(name: str, found: Iterable[BatchCount], planned: int = 0) -> Count:
    listed = list(found)
    return Count(name, sum(batch.valid for batch in listed), sum(batch.used for batch in listed), planned)
