"""One sitting: the units a person means to rate one after the other, and the receipts they got so far.

It lives in a short cookie of that person's browser and nowhere else (docs/decisions/0005). It holds no answer. What it
says is believed by nobody: units are looked up in the round, receipts in the box.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from survey_app.domain import checksign, receipts
from survey_app.domain.errors import N_, Refusal
from survey_app.store.rounds import Round

MOST_UNITS = 30  # what a cookie holds, and more than a person rates at once
_ENTRY = re.compile(r"([a-z0-9-]{1,100})(?::([0-9A-Z]{1,20}))?")


class NothingChosen(Refusal):
    code, status = "nothing-chosen", 422
    message = N_("还没有勾选单位。请勾选打过交道的单位，一个也可以。")


class TooManyChosen(Refusal):
    code, status = "too-many-chosen", 422
    message = N_("一次最多勾选%(most)s个单位，您勾选了%(count)s个。评完这些还可以再来评。")


@dataclass(frozen=True)
class Sitting:
    """`chosen`: unit slugs in the order of the page; `receipts`: unit slug -> canonical receipt."""

    round_code: str
    chosen: tuple[str, ...] = ()
    receipts: Mapping[str, str] = field(default_factory=dict)

    @property
    def rest(self) -> tuple[str, ...]:
        """The units still to rate."""
        return tuple(slug for slug in self.chosen if slug not in self.receipts)

    def place_of(self, unit_slug: str) -> int:
        """Which one this is: those rated, and this one; 0 where it was not chosen or is the only one."""
        if unit_slug not in self.rest or len(self.chosen) < 2:
            return 0
        return len(self.chosen) - len(self.rest) + 1

    def rated(self, unit_slug: str, receipt: str) -> "Sitting":
        """The same with one more receipt; a unit that was not chosen is then one of them."""
        chosen = self.chosen if unit_slug in self.chosen else (*self.chosen, unit_slug)
        return replace(self, chosen=chosen, receipts={**self.receipts, unit_slug: receipt})

    def text(self) -> str:
        """As the cookie holds it."""
        entries = [f"{slug}:{self.receipts[slug]}" if slug in self.receipts else slug for slug in self.chosen]
        return "|".join([self.round_code, *entries])


def choose(sitting: Sitting, units: Sequence[str]) -> Sitting:
    """The sitting with these units after those already rated. Raises NothingChosen, TooManyChosen."""
    fresh = [slug for slug in dict.fromkeys(units) if slug not in sitting.receipts]
    if not fresh:
        raise NothingChosen
    if len(fresh) + len(sitting.receipts) > MOST_UNITS:
        raise TooManyChosen(most=MOST_UNITS - len(sitting.receipts), count=len(fresh))
    return replace(sitting, chosen=(*sitting.receipts, *fresh))


def read_sitting(text: str, round_: Round) -> Sitting:
    """What the cookie says of this round; whatever is not of this round, or no receipt of ours, is left out."""
    code, *entries = text.split("|")
    if code != round_.code:
        return Sitting(round_.code)
    known = {unit.slug for unit in round_.units}
    found = [match for entry in entries[:MOST_UNITS] if (match := _ENTRY.fullmatch(entry)) and match[1] in known]
    kept = {m[1]: m[2] for m in found if m[2] and len(m[2]) == receipts.LENGTH and checksign.checks_out(m[2])}
    return Sitting(round_.code, tuple(dict.fromkeys(m[1] for m in found)), kept)
