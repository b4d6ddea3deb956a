"""Chinese words beside the codes of a table, for people who read in Excel or WPS."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..columns import Column
from ..sentences import BALANCE, CHANGES, SCENARIOS, STATUS, TESTS, VERDICTS
from ..view import TIERS, Model, names_of, words_of

# Column -> header of the column of words after it.
NAMED = {
    "unit": "单位",
    "parent": "上级单位名称",
    "group": "主体名称",
    "dimension": "维度名称",
    "class": "类别名称",
    "channel": "渠道名称",
    "tier": "档次说明",
    "status": "状态说明",
    "verdict": "结论说明",
    "scenario": "算法说明",
    "test": "检验说明",
}
STATUSES = BALANCE | STATUS | {"withheld": "增减的票太少，不公布", "unscored": "这样算没有得分", "no_codes": "没有发码"}


def words(model: Model) -> dict[str, Mapping[str, str]]:
    """Column -> code -> words."""
    return {
        "unit": names_of(model),
        "parent": names_of(model),
        "group": words_of(model, "groups"),
        "dimension": words_of(model, "dimensions"),
        "class": words_of(model, "classes"),
        "channel": words_of(model, "channels"),
        "tier": {code: f"{tier.sign}{tier.zh}" for code, tier in TIERS.items()},
        "status": STATUSES,
        "verdict": CHANGES | VERDICTS,
        "scenario": SCENARIOS,
        "test": TESTS,
    }


def with_names(columns: Sequence[Column]) -> list[Column]:
    """The columns of a table, with one of words after each code."""
    found = []
    for column in columns:
        found.append(column)
        if column.name in NAMED:
            found.append(Column(f"{column.name}_zh", "text", "", NAMED[column.name], ""))
    return found


def named(row: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """A row with the words of its codes; a code of which only the part before ":" is known keeps the rest."""
    found = {f"{key}_zh": _word(row[key], codes) for key, codes in known.items() if key in row}
    return dict(row) | found


def _word(code: str | None, codes: Mapping[str, str]) -> str | None:
    if code is None:
        return None
    kind, _, rest = code.partition(":")
    return codes.get(code) or (f"{codes[kind]}（{rest}）" if rest and kind in codes else code)
