"""Nothing published lets a small number be found by subtraction: every small round is gone through."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import pages
from analysis.counts import Tally, scored_pairs
from analysis.earlier import Inputs
from analysis.evidence import no_evidence
from analysis.facts import Round, parse_round
from analysis.method import Method, parse_method
from analysis.model import model_of
from analysis.read import BLANK, open_snapshot
from analysis.release import build_data
from analysis.results import unit_result
from analysis.rows import result_tables
from analysis.tomlfile import dumps, parse

from .conftest import Folder, ballots, method_data, only, results_of, round_data, weighted

NAMES = ("citizen", "enterprise", "deputy")
Group = tuple[int, ...]  # its ballots, then how many of them answered each dimension
State = tuple[Group, ...]


def method_of(k: int, weights: Mapping[str, str], dimensions: int) -> Method:
    """A method with min_n = k, these group weights, and one to three dimensions of equal weight."""
    shares = {f"q{i}": f"1/{dimensions}" for i in range(dimensions)}
    data = method_data(min_n=k, min_weight="1/2", dimension=weighted(**shares), group=weighted(**weights))
    return parse_method(parse(Path("method.toml"), dumps(data).encode()))


def round_of(method: Method, unit: Mapping[str, Any]) -> Round:
    """A round with one unit."""
    data = round_data([{"slug": "hall", "zh": "大厅", "class": "window", **unit}])
    return parse_round(parse(Path("round.toml"), dumps(data).encode()), method)


def tally_of(state: State, method: Method, facts: Round) -> Tally:
    """Counts in which every answer given is a 5 and every other one 不了解."""

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, dtype=np.int64)

    dimensions, pairs = len(method.dimensions), scored_pairs(method)
    tally = Tally(
        answers=zeros(1, len(state), dimensions, BLANK + 1),
        pairs=zeros(1, len(state), len(pairs), BLANK + 1, BLANK + 1),
        pair_index=pairs,
        ballots=np.array([[group[0] for group in state]]),
        channels=zeros(1, len(state), len(method.channels)),
        uncounted=zeros(1, len(method.channels)),
        flagged=zeros(1, len(state), 0),
        excluded=zeros(1, 0),
        excluded_ballots=zeros(1),
        excluded_answers=zeros(1, BLANK + 1),
        under_review=zeros(1, len(state)),
        evidence=no_evidence(method, facts),
    )
    for g, (n, *answered) in enumerate(state):
        tally.channels[0, g, 0] = n
        for d, number in enumerate(answered):
            tally.answers[0, g, d, 5], tally.answers[0, g, d, 0] = number, n - number
        for (c, d), place in pairs.items():
            tally.pairs[0, g, place, 5, 5] = min(answered[c], answered[d])
    return tally


def published(state: State, method: Method, facts: Round) -> str:
    """All of release.json as text; scores and variances tell of released cells only and are left in."""
    tally = tally_of(state, method, facts)
    results = [unit_result(tally, 0, method, facts)]
    return json.dumps(model_of(method, facts, tally, results, result_tables(results, method), Inputs()))


def states(most: int, sizes: Sequence[int | None], dimensions: int) -> Iterator[State]:
    """Every round of up to `most` ballots a group that round.toml leaves possible."""
    caps = [most if size is None else min(most, size) for size in sizes]
    each = [[(n, *a) for n in range(cap + 1) for a in product(range(n + 1), repeat=dimensions)] for cap in caps]
    return product(*each)


def found_out(k: int, most: int, weights: Mapping[str, str], dimensions: int, unit: Mapping[str, Any]) -> list[str]:
    """What number below k some publication fixes, unless its number withheld fixes it by itself."""
    method = method_of(k, weights, dimensions)
    facts = round_of(method, unit)
    sizes = [min((t[g] for t in unit.values() if g in t), default=None) for g in weights]
    alike: dict[str, list[State]] = defaultdict(list)
    told: dict[Any, list[State]] = defaultdict(list)
    for state in states(most, sizes, dimensions):
        said = published(state, method, facts)
        alike[said].append(state)
        told[withheld_alone(said)].append(state)
    return [
        f"{place} = {number} from {said}"
        for said, possible in alike.items()
        for place, number in fixed(possible, k).items()
        if place not in excused(said, told, k)
    ]


def withheld_alone(said: str) -> Any:
    """Which groups have a released cell, and the number withheld."""
    model = json.loads(said)
    return tuple(row["group"] for row in model["groups"]), model["scores"][0]["withheld"]


def excused(said: str, told: Mapping[Any, list[State]], k: int) -> set[tuple[int, int]]:
    """Numbers of ballots that the number withheld tells by itself; nothing where it is not shown."""
    key = withheld_alone(said)
    return set() if key[1] is None else {place for place in fixed(told[key], k) if not place[1]}


def fixed(possible: Sequence[State], k: int) -> dict[tuple[int, int], int]:
    """(group, 0 for ballots or 1.. for the answers of a dimension) -> the one number below k it can be."""
    seen = {
        (g, i): {state[g][i] for state in possible} for g, group in enumerate(possible[0]) for i in range(len(group))
    }
    return {place: min(numbers) for place, numbers in seen.items() if len(numbers) == 1 and 0 < min(numbers) < k}


THIRDS = {"citizen": "1/2", "enterprise": "1/4", "deputy": "1/4"}
HALVES = {"citizen": "1/2", "enterprise": "1/2"}
ROUNDS: dict[str, tuple[int, int, Mapping[str, str], int, dict[str, dict[str, int]]]] = {
    "two groups, nothing else known": (3, 7, HALVES, 1, {}),
    "two groups, two dimensions": (3, 4, HALVES, 2, {}),
    "three groups, two dimensions": (2, 2, THIRDS, 2, {}),
    "three groups, two dimensions, a panel": (2, 3, THIRDS, 2, {"panel": {"deputy": 1, "enterprise": 2}}),
    "three groups": (3, 4, THIRDS, 1, {}),
    "a group without weight": (3, 4, {"citizen": "1/2", "enterprise": "1/2", "deputy": "0"}, 1, {}),
    "codes for one group alone": (3, 5, HALVES, 1, {"codes_issued": {"enterprise": 20}}),
    "codes for one of three groups": (3, 4, THIRDS, 1, {"codes_issued": {"enterprise": 20}}),
    "codes for two of three groups": (3, 4, THIRDS, 1, {"codes_issued": {"enterprise": 20, "citizen": 50}}),
    "codes for both groups": (3, 5, HALVES, 1, {"codes_issued": {"citizen": 20, "enterprise": 20}}),
    "codes for all that weigh, ballots of another": (
        3,
        4,
        {"citizen": "1/2", "enterprise": "1/2", "deputy": "0"},
        1,
        {"codes_issued": {"citizen": 20, "enterprise": 20}},
    ),
    "a small panel": (3, 4, THIRDS, 1, {"panel": {"deputy": 2}}),
    "a panel of one": (3, 4, HALVES, 1, {"panel": {"enterprise": 1}}),
    "a panel of one among three groups": (3, 4, THIRDS, 1, {"panel": {"deputy": 1}}),
    "one code, one dimension or another": (3, 4, HALVES, 2, {"codes_issued": {"citizen": 20, "enterprise": 1}}),
    "two panels": (3, 4, THIRDS, 1, {"panel": {"deputy": 2, "enterprise": 1}}),
}


@pytest.mark.parametrize("name", ROUNDS)
def test_no_number_below_the_minimum_follows_from_what_is_published(name):
    assert found_out(*ROUNDS[name]) == []


def two_groups(**unit: Any) -> dict[str, Any]:
    """Method and round of the finding: citizens and enterprises, one window."""
    method = method_data(group=weighted(citizen="1/2", enterprise="1/2"))
    return {"method": method, "facts": round_data([{"slug": "hall", "zh": "大厅", "class": "window", **unit}])}


def test_codes_for_one_group_alone_give_no_rate(folder: Folder):
    rows = ballots({("hall", "citizen", "5", "4"): 4, ("hall", "enterprise", "5", "4"): 3})
    found = only(folder(rows, **two_groups(codes_issued={"enterprise": 20})))
    assert (found.released.withheld, found.unrated) == (7, None)


def test_codes_for_every_group_give_a_rate(folder: Folder):
    rows = ballots({("hall", "citizen", "5", "4"): 14, ("hall", "enterprise", "5", "4"): 13})
    found = only(folder(rows, **two_groups(codes_issued={"enterprise": 20, "citizen": 40})))
    assert str(found.unrated) == "11/20"


def test_a_group_that_was_issued_no_code_at_all_gives_no_rate(folder: Folder):
    rows = ballots({("hall", "citizen", "5", "4"): 14, ("hall", "enterprise", "5", "4"): 13})
    assert only(folder(rows, **two_groups(codes_issued={"enterprise": 0, "citizen": 40}))).unrated is None


def test_more_ballots_than_codes_give_no_rate(folder: Folder):
    rows = ballots({("hall", "citizen", "5", "4"): 14, ("hall", "enterprise", "5", "4"): 13})
    assert only(folder(rows, **two_groups(codes_issued={"enterprise": 20, "citizen": 6}))).unrated is None


CHECK = [{"code": "check", "zh": "检查票", "excluded": True}, {"code": "seen", "zh": "看过", "excluded": False}]


def flagged(*numbers: tuple[str, str, int]) -> list[str]:
    """Rows of the hall from (group, flags, number), all 1 where flagged and 5 elsewhere."""
    return [
        f"hall,{group},web,2026-05-04," + ("1,1," if "check" in flags else "5,5,") + flags
        for group, flags, number in numbers
        for _ in range(number)
    ]


def test_flagged_ballots_are_ballots_that_were_given(folder: Folder):
    setting = two_groups(codes_issued={"enterprise": 20, "citizen": 40})
    setting["method"]["flag"] = CHECK
    rows = flagged(("citizen", "", 15), ("citizen", "check", 12), ("enterprise", "", 12))
    found = only(folder(rows, flags=True, **setting))
    assert (found.released.n, str(found.unrated), found.status) == (27, "7/20", "ok")


@pytest.mark.parametrize(
    ("number", "kept", "status"), [(0, 20, "ok"), (1, 21, "under_review"), (9, 29, "under_review")]
)
def test_a_few_flagged_ballots_change_the_status_and_not_the_cell(number, kept, status, folder: Folder):
    method = method_data(flag=CHECK)
    found = only(folder(flagged(("citizen", "seen", 20), ("citizen", "check", number)), method, flags=True))
    cell = found.released.cells[0, 0]
    assert (cell.n, cell.levels[0], cell.levels[4], found.status) == (kept, number, 20, status)
    assert (found.score is None) == (status == "under_review")
    assert found.groups[0].n == kept


def test_enough_flagged_ballots_are_left_out(folder: Folder):
    found = only(
        folder(flagged(("citizen", "", 20), ("citizen", "check|seen", 10)), method_data(flag=CHECK), flags=True)
    )
    assert (found.released.cells[0, 0].n, found.status, found.score.mean) == (20, "ok", 100)


def test_flagged_ballots_of_several_flags_are_taken_together(folder: Folder):
    both = [*CHECK, {"code": "copy", "zh": "重复", "excluded": True}]
    rows = flagged(("citizen", "", 20), ("citizen", "check", 6), ("citizen", "copy", 6))
    made = folder(rows, method_data(flag=both), flags=True)
    assert only(made).released.n == 20
    [unit] = build_data(open_snapshot(made))[1]["units"]
    assert unit["not_counted"]["flags"] == {"check": "<10", "copy": "<10"}


def test_each_group_is_looked_at_by_itself(folder: Folder):
    setting = two_groups()
    setting["method"]["flag"] = CHECK
    rows = flagged(("citizen", "", 20), ("citizen", "check", 11), ("enterprise", "", 20), ("enterprise", "check", 2))
    found = only(folder(rows, flags=True, **setting))
    assert (found.released.ballots, found.status) == ({0: 20, 1: 22}, "under_review")


def test_flagged_ballots_of_a_group_that_is_not_shown_are_withheld_and_change_no_status(folder: Folder):
    setting = two_groups()
    setting["method"] |= {"flag": CHECK, "min_weight": "1/2"}
    found = only(folder(flagged(("citizen", "", 20), ("enterprise", "check", 2)), flags=True, **setting))
    assert (found.released.withheld, found.status) == (2, "renormalised")


def test_ballots_under_review_do_not_make_a_full_panel_too_small(folder: Folder):
    unit = {"slug": "hall", "zh": "大厅", "class": "window", "panel": {"citizen": 12}}
    rows = flagged(("citizen", "", 12), ("citizen", "check", 2))
    found = only(folder(rows, method_data(flag=CHECK), round_data([unit]), flags=True))
    assert (found.status, found.groups[0].n, found.groups[0].variance) == ("under_review", 14, 0)


def test_channel_totals_follow_the_ballots_that_are_kept(folder: Folder):
    method = method_data(flag=CHECK)
    rows = flagged(("citizen", "", 20), ("citizen", "check", 3))
    totals = build_data(open_snapshot(folder(rows, method, flags=True)))[1]["totals"]
    assert (totals["ballots"], totals["channels"]) == (23, {"web": 23})


def test_whether_the_only_member_of_a_panel_took_part_changes_no_byte(folder: Folder):
    # The other unit's ballots stand in the same totals; they must not give the number back.
    hall = {"slug": "hall", "zh": "大厅", "class": "window", "panel": {"enterprise": 1}}
    codes = {"codes_issued": {"citizen": 60, "enterprise": 1}}
    setting = two_groups() | {"facts": round_data([hall | codes, {"slug": "desk", "zh": "台", "class": "window"}])}
    rest = ballots(
        {("hall", "citizen", "5", "4"): 20, ("hall", "citizen", "", "4"): 9, ("desk", "citizen", "3", "3"): 4}
    )
    without = build_data(open_snapshot(folder(rest, name="without", **setting)))
    extra = ballots({("hall", "enterprise", "5", "4"): 1})
    within = build_data(open_snapshot(folder(rest + extra, name="within", **setting)))
    assert without == within
    assert {row["unit"]: row["withheld"] for row in within[1]["scores"]} == {"desk": 4, "hall": None}


def test_a_unit_whose_number_withheld_is_not_shown_has_a_page_all_the_same(folder: Folder):
    unit = {"slug": "hall", "zh": "大厅", "class": "window", "panel": {"citizen": 1}}
    made = folder(ballots({("hall", "citizen", "5", "4"): 1}), facts=round_data([unit]))
    model = build_data(open_snapshot(made))[1]
    made_pages = pages.render(pages.Release(model, digest="", published_on="2026-07-01"), frozenset())
    for name in ("index.md", "scores/hall.md", "withheld.md"):
        assert "没有一组满10张，所以不公布" in made_pages[name].decode()
        assert "收到1张" not in made_pages[name].decode()
    assert results_of(made)["hall"].status == "insufficient_n"


def test_a_remainder_that_tells_what_each_group_answered_is_not_shown(folder: Folder):
    setting = two_groups()
    setting["method"]["dimension"] = weighted(attitude="1")
    full = ballots({("hall", "citizen", "5"): 9, ("hall", "enterprise", "1"): 9})
    assert only(folder(full, **setting)).released.rest == {}
    less = ballots({("hall", "citizen", "5"): 9, ("hall", "enterprise", "1"): 8})
    assert only(folder(less, name="less", **setting)).released.rest[0].answered == 17
