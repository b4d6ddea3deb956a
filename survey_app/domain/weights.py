"""Weights as people type them, exact: 30%, 3/10 and 0.3 are the same."""

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction

from survey_app.domain.errors import N_, Refusal

_SHAPE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(?:/([0-9]{1,9}))?(%)?")


class WeightWrong(Refusal):
    code, status = "weight-wrong", 422
    message = N_("“%(what)s”的权重“%(typed)s”看不懂。请写成30%%或3/10，从0到100%%。")


class WeightsShort(Refusal):
    code, status = "weights-short", 422
    message = N_("%(what)s的权重加起来是%(sum)s，还差%(miss)s。要正好是100%%，请改好再存。")


class WeightsOver(Refusal):
    code, status = "weights-over", 422
    message = N_("%(what)s的权重加起来是%(sum)s，多了%(miss)s。要正好是100%%，请改好再存。")


def read_weight(typed: str, what: str) -> Fraction:
    """A share from 0 to 1; `what` is named in the refusal. Raises WeightWrong."""
    found = _SHAPE.fullmatch("".join(unicodedata.normalize("NFKC", typed).split()))
    if not found or (found[2] and (int(found[2]) == 0 or "." in found[1])):
        raise WeightWrong(what=what, typed=typed)
    share = Fraction(found[1]) / int(found[2] or 1) / (100 if found[3] else 1)
    if share > 1:
        raise WeightWrong(what=what, typed=typed)
    return share


def require_whole(weights: Iterable[Fraction], what: str) -> None:
    """Raises WeightsShort or WeightsOver, which say by how much, unless the weights sum to exactly 1."""
    total = sum(weights, Fraction(0))
    if total != 1:
        missed = WeightsShort if total < 1 else WeightsOver
        raise missed(what=what, sum=percent(total), miss=percent(abs(1 - total)))


def percent(weight: object) -> str:
    """An exact fraction as per cent; a weight that no short decimal shows stays a fraction."""
    share = Fraction(str(weight)) * 100
    tenths = share * 10
    return f"{float(share):g}%" if tenths.denominator == 1 else str(Fraction(str(weight)))
