"""A release in which every table has rows: the district's own counts, and invented figures where it has none.

For what is shown, not for what is counted: the invented figures have all codes that analysis knows.
"""

import copy
from collections.abc import Mapping
from typing import Any

from analysis.columns import TABLES

Row = dict[str, Any]
TIER = {"w0": "above", "w1": "above", "w7": "below", "w8": "below", "w5": "review"}
VERDICT = {"w1": "up", "w7": "down", "w2": "incomparable", "w5": "not_scored", "w6": "new"}
SCENARIOS = ("scale_linear", "scale_top2", "equal_dimensions", "equal_groups", "without_flag:hurry", "without_weeks")


def full(model: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a district's release.json with all tables filled."""
    made = copy.deepcopy(dict(model))
    scored = [row for row in made["scores"] if row["unit"].startswith("w") and row["score"] is not None]
    for place, row in enumerate(scored, 1):
        row |= {"tier": TIER.get(row["unit"], "average"), "rank_low": max(1, place - 2), "rank_high": place}
        row["p_last"] = "1.00" if row["unit"] == "w7" else "<0.01"
    made["funnel"] = [_funnel(row) for row in scored]
    made["changes"] = [_change(row) for row in scored]
    made["series"] = [line for row in scored for line in _series(row)]
    made["trend"] = [_row("trend", unit="w1", rounds=3, satisfied_first=90.0, satisfied_last=98.2, verdict="up")]
    made["rollup"] = [_row("rollup", parent="e0", units=1, scored=1, n=89, score=72.33, low=68.5, high=75.8)]
    made |= {"rules": _rules(), "integrity": _integrity(), "power": _power(), "sensitivity": _sensitivity(scored)}
    made |= {"composition": _composition(), "kept_rates": _kept(), "everyday": _everyday()}
    against = {"kept_pct": 96.0, "judged": 50, "kept_tier": "above", "satisfied_pct": 77.9, "satisfied_tier": "below"}
    made["disagreement"] = [_row("disagreement", unit="w7", verdict="kept_but_disliked", **against)]
    return made


def _row(table: str, **values: Any) -> Row:
    """A row of a table with None where nothing is said; a column that is none is a mistake."""
    names = [column.name for column in TABLES[f"{table}.csv"]]
    assert set(values) <= set(names), set(values) - set(names)
    return dict.fromkeys(names) | values


def _funnel(row: Row) -> Row:
    target, sigma, n = 79.16, 24.0, row["n"]
    limits = {
        f"{side}{name}": target + sign * z * sigma / n**0.5
        for name, z in (("95", 1.96), ("998", 3.09))
        for side, sign in (("low", -1), ("high", 1))
    }
    limits = {key: round(min(max(value, 0), 100), 2) for key, value in limits.items()}
    gap = abs(row["score"] - target) * n**0.5 / sigma
    outside = "998" if gap > 3.09 else "95" if gap > 1.96 else None
    facts = {"class": "window", "unit": row["unit"], "n": n, "score": row["score"]}
    return _row("funnel", **facts, target=target, sigma=sigma, outside=outside, **limits)


def _change(row: Row) -> Row:
    verdict = VERDICT.get(row["unit"], "no_difference")
    told = {"unit": row["unit"], "round_before": "2025-h2", "score_now": row["score"], "verdict": verdict}
    if verdict in ("not_scored", "new"):
        return _row("changes", **told)
    moved = {"up": 4.2, "down": -5.1}.get(verdict, 0.6)
    known = {"score_before": round(row["score"] - moved, 2), "change": moved}
    tested = {} if verdict == "incomparable" else {"low": moved - 2, "high": moved + 2, "z": 1.2, "p": "0.2301"}
    return _row("changes", **told, **known, **tested)


def _series(row: Row) -> list[Row]:
    if row["unit"] in ("w5", "w6"):
        return []
    comparable = "no" if row["unit"] == "w2" else "yes"
    common = {"unit": row["unit"], "n": row["n"], "satisfied_pct": row["satisfied_pct"]}
    before = {"score": round(row["score"] - 2, 2), "low": row["low"] - 2, "high": row["high"] - 2}
    now = {key: row[key] for key in ("score", "low", "high")}
    return [
        _row("series", round="2025-h2", closes_on="2025-12-31", comparable=comparable, **common, **before),
        _row("series", round="2026-h1", closes_on="2026-06-30", comparable="yes", **common, **now),
    ]


def _rules() -> list[Row]:
    facts = {"rule": "third_bad", "round": "2026-h1", "op": ">=", "threshold": "1/3", "years": 1}
    fires = {"count": 120, "over": 330, "share_exact": "4/11", "share_pct": 36.4, "low": 31.4, "high": 41.7}
    return [
        _row("rules", unit="w7", verdict="fires", **facts, **fires),
        _row("rules", unit="w9", verdict="insufficient_n", **facts),
        _row("rules", unit="w0", rule="last", round="2026-h1", verdict="no_last"),
    ]


def _integrity() -> list[Row]:
    return [
        _row("integrity", unit="w8", test="T1", detail="2026-05-25", observed=61, of=329, expected_pct=7.1,
             effect=2.611, p="<0.0001", p_adjusted="0.0004", tests=9, verdict="flagged"),
        *(_row("integrity", unit=f"w{i}", test="T4", of=200, expected_pct=20.0, p="0.4310", p_adjusted="0.8801",
               tests=9, verdict="clear") for i in range(3)),
        _row("integrity", unit="w5", test="T6", tests=9, verdict="too_few"),
    ]  # fmt: skip


def _power() -> list[Row]:
    return [
        _row("power", test="T1", n=200, added=20, detected_pct=99.0, false_pct=0.1, runs=400),
        _row("power", test="T5", n=200, added=40, detected_pct=1.3, false_pct=0.2, runs=400),
    ]


def _sensitivity(scored: list[Row]) -> list[Row]:
    lines = []
    for scenario in SCENARIOS:
        for row in scored:
            moved = "yes" if (row["unit"], scenario) == ("w2", "scale_top2") else "no"
            tier = "above" if moved == "yes" else row["tier"]
            told = {"unit": row["unit"], "scenario": scenario, "ballots_changed": 0, "score": row["score"]}
            told |= {"tier": tier, "rank_low": 1, "rank_high": 4, "tier_changed": moved, "status": "ok"}
            lines.append(_row("sensitivity", **told))
    return lines


def _composition() -> list[Row]:
    shares = (
        ("citizen", 1500, 60.1, 60.0, "ok"),
        ("enterprise", 760, 30.4, 35.0, "ok"),
        ("deputy", 238, 9.5, 5.0, "ok"),
    )
    whole = [
        _row("composition", unit="~all", group=g, channel="~all", n=n, share_pct=share, planned=5 * n,
             planned_pct=planned, response_pct=20.0, status=status)
        for g, n, share, planned, status in shares
    ]  # fmt: skip
    far = {"share_pct": 30.0, "planned_pct": 5.0, "status": "over"}
    return [*whole, _row("composition", unit="w5", group="deputy", channel="~all", n=14, **far)]


def _kept() -> list[Row]:
    rate = {"judged": 50, "kept": 48, "broken": 2, "unknown": 5, "kept_pct": 96.0, "low": 86.5, "high": 98.9}
    return [
        _row("kept_rates", unit="w7", procedure="~all", commitment="~all", status="ok", **rate),
        _row("kept_rates", unit="w6", procedure="~all", commitment="~all", judged=None, status="insufficient_n"),
    ]


def _everyday() -> list[Row]:
    rates = {"favourable_pct": 97.1, "active_favourable_pct": 95.0, "unrated_pct": 70.0}
    return [_row("everyday", unit="w0", codes_issued=1000, rated=300, status="ok", **rates)]
