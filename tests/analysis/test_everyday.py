"""Everyday ratings, commitments kept, who answered: three rates that never count the silent as satisfied."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from analysis.intervals import Stratum
from analysis.privacy import feasible_ranges, pooled_ranges
from analysis.scores import stratified

from .conftest import Folder, method_data, round_data, run, table, weighted

pytestmark = pytest.mark.usefixtures("figures_only")

CHANNELS = [
    {"code": "web", "zh": "网上", "counted": True},
    {"code": "window", "zh": "窗口二维码", "counted": True},
    {"code": "open", "zh": "公开渠道", "counted": False},
]
KEPT = "unit,procedure,commitment,kept,period\n"


def month(
    folder: Folder, rows: list[tuple[str, str, str, int]], units: list[dict], kept: dict, name: str = "m"
) -> Path:
    """A month of everyday ratings: (unit, channel, level) times number, and kept.csv lines times number."""
    lines = [f"{u},citizen,{c},2026-05-04,{level}" for u, c, level, n in rows for _ in range(n)]
    method = method_data(dimension=weighted(overall="1"), channel=CHANNELS)
    days = {"opens_on": "2026-05-01", "closes_on": "2026-05-31"}
    made = folder(lines, method, round_data(units, instrument="everyday", code="2026-05", **days), name=name)
    text = "".join(f"{key},2026-05-04\n" * n for key, n in kept.items())
    (made / "snapshot" / "kept.csv").write_text(KEPT + text, "utf-8")
    return made


def unit(slug: str, codes: int = 0) -> dict:
    return {"slug": slug, "zh": slug, "class": "window"} | ({"codes_issued": {"citizen": codes}} if codes else {})


def test_the_three_rates_of_a_month_by_hand(folder: Folder):
    rows = [
        ("hall", "web", "5", 12),
        ("hall", "web", "1", 3),
        ("hall", "window", "4", 20),
        ("hall", "window", "2", 5),
        ("hall", "window", "0", 2),
        ("hall", "open", "1", 30),
        ("desk", "web", "5", 4),
        ("shop", "window", "5", 20),
    ]
    made = month(folder, rows, [unit("hall", 100), unit("desk", 10), unit("shop"), unit("mute", 50)], {})
    assert run("compute", made, "--allow-no-ballots").exit_code == 0
    found = {r.pop("unit"): list(r.values()) for r in table(made, "everyday.csv")}
    # 32 of 40 levels are satisfied; 12 of 15 by own initiative; 42 of 100 codes were used. The open channel: nothing.
    assert found == {
        "desk": ["10", "4", "", "", "60.0", "insufficient_n"],
        "hall": ["100", "42", "80.0", "80.0", "58.0", "ok"],
        "mute": ["50", "0", "", "", "100.0", "no_ballots"],
        "shop": ["", "20", "100.0", "", "", "no_codes"],
    }


def test_own_initiative_is_not_shown_where_it_would_give_away_the_few_others(folder: Folder):
    made = month(folder, [("hall", "web", "5", 15), ("hall", "window", "1", 3)], [unit("hall", 20)], {})
    assert run("compute", made).exit_code == 0
    [row] = table(made, "everyday.csv")
    assert (row["favourable_pct"], row["active_favourable_pct"]) == ("83.3", "")


def test_commitments_are_counted_and_few_answers_are_not_shown(folder: Folder):
    kept = {"hall,permit,fast,kept": 12, "hall,permit,fast,broken": 4, "hall,permit,fast,unknown": 9}
    kept |= {"hall,permit,polite,kept": 9, "desk,,open,broken": 10}
    made = month(folder, [("hall", "web", "5", 20)], [unit("hall"), unit("desk")], kept)
    assert run("compute", made, "--allow-no-ballots").exit_code == 0
    found = {(r["unit"], r["commitment"]): r for r in table(made, "kept_rates.csv")}
    row = found["hall", "fast"]
    assert [row[c] for c in ("judged", "kept", "broken", "unknown", "kept_pct")] == ["16", "12", "4", "9", "75.0"]
    assert [v for k, v in found["hall", "polite"].items() if v] == ["hall", "permit", "polite", "insufficient_n"]
    # The unit's sum leaves the small one out, or subtraction would show it.
    assert (found["hall", "~all"]["judged"], found["desk", "~all"]["kept_pct"]) == ("16", "0.0")


def disagreeing(folder: Folder) -> Path:
    rows, kept = [], {}
    for i in range(6):
        slug, happy, good = f"u{i}", (20 if i == 0 else 190), (20 if i == 1 else 190)
        rows += [(slug, "web", "5", happy), (slug, "web", "1", 200 - happy)]
        kept |= {f"{slug},p,c,kept": good, f"{slug},p,c,broken": 200 - good}
    return month(folder, rows, [unit(f"u{i}") for i in range(6)], kept)


def test_kept_but_disliked_and_liked_but_broken_are_told_apart(folder: Folder):
    made = disagreeing(folder)
    assert run("compute", made).exit_code == 0
    found = {r["unit"]: r["verdict"] for r in table(made, "disagreement.csv")}
    assert found == {"u0": "kept_but_disliked", "u1": "liked_but_broken", **{f"u{i}": "agree" for i in range(2, 6)}}


def test_a_round_has_no_everyday_rates_but_may_be_set_beside_them(folder: Folder):
    everyday = disagreeing(folder)
    assert run("compute", everyday).exit_code == 0
    lines = [f"u{i},citizen,web,2026-05-04,{5 if i != 1 else 1},4" for i in range(6) for _ in range(60)]
    made = folder(lines, facts=round_data([f"u{i}" for i in range(6)]), name="round")
    assert run("compute", made, "--previous", everyday).exit_code == 0
    assert (table(made, "everyday.csv"), table(made, "changes.csv")) == ([], [])
    assert {r["unit"]: r["kept_tier"] for r in table(made, "disagreement.csv")}["u1"] == "below"


def test_who_answered_is_set_against_plan(folder: Folder):
    groups = weighted(citizen="1/2", enterprise="1/2")
    facts = round_data(
        [{"slug": "hall", "zh": "厅", "class": "window", "codes_issued": {"citizen": 50, "enterprise": 50}}]
    )
    rows = [f"hall,{g},web,2026-05-04,5,5" for g, n in (("citizen", 40), ("enterprise", 10)) for _ in range(n)]
    made = folder(rows, method_data(group=groups), facts)
    assert run("compute", made).exit_code == 0
    found = {(r["unit"], r["group"]): r for r in table(made, "composition.csv") if r["channel"] == "~all"}
    row = found["hall", "citizen"]
    assert [row[c] for c in ("share_pct", "planned_pct", "response_pct", "status")] == ["80.0", "50.0", "80.0", "over"]
    assert found["~all", "enterprise"]["status"] == "under"


def test_linear_programs_tell_what_totals_disclose():
    data = np.array([(120, 30, 14, 3), (80, 22, 4, 12), (60, 18, 11, 9)])
    hidden = data < 5
    assert feasible_ranges(data, hidden) == {(0, 3): (3, 3), (1, 2): (4, 4)}
    hidden[0, 2] = hidden[1, 3] = True
    expected = {(0, 2): (2, 17), (0, 3): (0, 15), (1, 2): (1, 16), (1, 3): (0, 15)}
    assert feasible_ranges(data, hidden) == expected


@pytest.mark.parametrize(
    ("answered", "hidden", "others", "withheld", "ranges"),
    [(17, 2, 0, 18, [(8, 9), (8, 9)]), (10, 1, 1, 4, [(1, 4), (6, 9)]), (18, 2, 0, 18, [(9, 9), (9, 9)])],
)
def test_what_a_remainder_tells_of_its_cells(answered, hidden, others, withheld, ranges):
    assert pooled_ranges(answered, hidden, others, withheld, 9) == ranges


def test_five_strata_are_covered_too():
    """The interval of method.md §1.5 over five groups of unequal weight and size, nominal 0.95, floor 0.93."""
    weights, sizes = [Fraction(w, 10) for w in (4, 2, 2, 1, 1)], (60, 25, 12, 8, 6)
    chances = np.array([0.002, 0.003, 0.005, 0.03, 0.96])
    truth, rng, held = float(chances @ np.arange(5) / 4), np.random.default_rng(20261121), 0
    for _ in range(400):
        drawn = [rng.multinomial(n, chances).tolist() for n in sizes]
        strata = []
        for w, n, row in zip(weights, sizes, drawn, strict=True):
            mean = Fraction(sum(c * i for i, c in enumerate(row)), 4 * n)
            square = Fraction(sum(c * i * i for i, c in enumerate(row)), 16 * n)
            strata.append(Stratum(w, n, mean, square - mean**2, Fraction(0)))
        low, high = stratified(tuple(strata), Fraction(0), Fraction(1), 1.959963984540054).interval
        held += low <= truth <= high
    assert held / 400 >= 0.93
