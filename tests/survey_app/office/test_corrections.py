"""A published result that was wrong gets a second version with its reason; the first one stays as it was read."""

import csv
import json
import tomllib
from dataclasses import replace

import pytest

from analysis import release as release_of
from survey_app.domain.rounds import IllegalMove
from survey_app.exports.analysis import AnalysisRefused
from survey_app.office import rounds as office
from survey_app.office import versions
from survey_app.store import batches
from survey_app.store import rounds as round_store
from tests.analysing import in_this_process
from tests.factories import cast, make_codes

ROUND, REASON = "2026-h2", "供水服务厅误列入本轮"


@pytest.fixture
def quick(monkeypatch):
    """Figures and pages as ever, in this process; charts, workbook and the built site have their own tests."""
    monkeypatch.setattr(office, "build_site", lambda *_: None)
    monkeypatch.setattr(release_of, "documents", lambda *_: {})
    monkeypatch.setattr(office.analysis, "_ran", in_this_process)


@pytest.fixture
def closed(open_round, settings, keys, clock, quick):
    """A closed round: fourteen ballots for the tax hall, eleven for the water works."""
    codes = make_codes(keys, clock, count=14)
    for i, code in enumerate(codes):
        cast(keys, clock, code, answers={"attitude": 5, "efficiency": 4, "overall": 4})
        if i < 11:
            cast(keys, clock, code, unit="water", answers={"attitude": 3, "efficiency": 3, "overall": 3})
    clock.later(days=28)
    office.close_round(ROUND, key_copy=settings.keys / f"{ROUND}.key", reason=None, settings=settings, now=clock())
    office.compute_round(ROUND, settings)
    return settings.rounds / ROUND


@pytest.fixture
def public(closed, settings, clock):
    """The same round, published."""
    office.publish_round(ROUND, settings, clock(), print)
    return closed


def correct(settings, clock, reason=REASON):
    return office.correct_round(ROUND, reason, settings, clock())


def without_water(monkeypatch):
    """The database no longer lists the water works in this round."""
    whole = round_store.get_round(ROUND)
    listed = tuple(unit for unit in whole.units if unit.slug != "water")
    monkeypatch.setattr(office.store, "get_round", lambda _: replace(whole, units=listed))


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def release(folder):
    return json.loads((folder / "release" / "release.json").read_bytes())


def test_a_unit_listed_by_mistake_is_out_of_the_second_version_and_the_first_is_untouched(
    public, settings, clock, monkeypatch
):
    first = files(public)
    without_water(monkeypatch)
    second = correct(settings, clock)
    assert {name: content for name, content in files(public).items() if name in first} == first
    assert [unit["slug"] for unit in release(second)["units"]] == ["noise", "tax"]
    assert b"water" not in (second / "snapshot" / "ballots.csv").read_bytes()
    assert (release(second)["version"], release(second)["round"]["amendments"][-1]["text"]) == (2, REASON)


def test_the_second_version_is_published_with_every_difference_and_the_first_ones_data(
    public, settings, clock, monkeypatch
):
    page = settings.pages / "results" / ROUND
    before = (page / "scores.csv").read_bytes()
    without_water(monkeypatch)
    correct(settings, clock)
    assert (page / "scores.csv").read_bytes() == before  # nothing is public until it is published
    office.publish_round(ROUND, settings, clock(), print)
    assert (page / "v1" / "scores.csv").read_bytes() == before
    rows = list(csv.DictReader((page / "differences.csv").read_text("utf-8").splitlines()))
    gone = {"file": "scores.csv", "row": "water", "column": "", "before": "yes", "after": "no"}
    assert gone in rows
    assert REASON in (page / "versions.md").read_text("utf-8")


def test_a_correction_that_was_not_published_gives_way_to_the_next_one(public, settings, clock):
    correct(settings, clock, "第一次说错了")
    second = correct(settings, clock)
    assert second.name == "v2"
    assert [a["text"] for a in release(second)["round"]["amendments"]] == [REASON]


def test_a_published_correction_is_followed_by_version_three_which_keeps_both_reasons(public, settings, clock):
    correct(settings, clock)
    office.publish_round(ROUND, settings, clock(), print)
    third = correct(settings, clock, "第二次更正")
    office.publish_round(ROUND, settings, clock(), print)
    assert third.name == "v3"
    assert [a["text"] for a in release(third)["round"]["amendments"]] == [REASON, "第二次更正"]
    assert {f.name for f in (settings.pages / "results" / ROUND).iterdir() if f.is_dir()} >= {"v1", "v2"}


def test_publishing_again_what_is_public_changes_nothing(public, settings, clock):
    correct(settings, clock)
    office.publish_round(ROUND, settings, clock(), print)
    before = files(settings.pages / "results" / ROUND)
    office.publish_round(ROUND, settings, clock(), print)
    assert files(settings.pages / "results" / ROUND) == before


def test_two_versions_must_not_give_away_three_people(public, settings, clock, monkeypatch):
    """Three ballots taken out of a cell of fourteen could be read from the difference of the two versions."""
    fewer = lambda file, _: b"".join(_without_three_of_tax(file))  # noqa: E731
    monkeypatch.setattr("survey_app.exports.snapshot._of_units", fewer)
    before = files(public)
    with pytest.raises(AnalysisRefused, match="两版相减"):
        correct(settings, clock)
    assert files(public) == before


def _without_three_of_tax(file):
    lines = file.read_bytes().splitlines(keepends=True)
    of_tax = [line for line in lines if line.startswith(b"tax,")]
    return [line for line in lines if line not in of_tax] + of_tax[3:]


def test_a_draft_that_units_have_seen_counts_as_shown_before_anything_is_public(closed, settings, clock):
    second = correct(settings, clock)
    third = correct(settings, clock, "异议成立")
    named = [entry["release_digest"] for entry in release(third)["inputs"]["released"]]
    digests = [json.loads((f / "release" / "manifest.json").read_bytes()) for f in (closed, second)]
    assert named == [digest["release_digest"] for digest in digests]
    office.publish_round(ROUND, settings, clock(), print)
    public = json.loads((settings.pages / "results" / ROUND / "release.json").read_bytes())
    assert public["version"] == 3


def test_an_empty_reason_is_refused_and_nothing_is_made(public, settings, clock):
    with pytest.raises(office.CorrectionNeedsReason):
        correct(settings, clock, " \n ")
    assert not [f for f in public.iterdir() if "v2" in f.name]


def test_published_figures_are_not_computed_over(public, settings):
    before = files(public)
    with pytest.raises(office.AlreadyPublished, match="--correct"):
        office.compute_round(ROUND, settings)
    assert files(public) == before


def test_an_open_round_has_nothing_to_correct(open_round, settings, clock):
    with pytest.raises(IllegalMove, match="更正"):
        correct(settings, clock)


def test_a_closed_round_is_computed_before_it_is_corrected(closed, settings, clock):
    (closed / "release").rename(closed / "elsewhere")
    with pytest.raises(versions.NotComputed):
        correct(settings, clock)


def test_codes_of_today_are_written_into_the_correction(public, settings, clock, monkeypatch):
    """The ledger knows better than on the day of the close how many codes went out."""
    issued = batches.issued_by_unit(ROUND)
    monkeypatch.setattr(batches, "issued_by_unit", lambda _: {**issued, "tax": {"citizen": 40}})
    text = (correct(settings, clock) / "snapshot" / "round.toml").read_text("utf-8")
    tax = next(unit for unit in tomllib.loads(text)["unit"] if unit["slug"] == "tax")
    assert tax["codes_issued"] == {"citizen": 40}


def test_a_later_round_is_set_beside_the_published_version_of_the_earlier_one(public, settings, clock):
    pending = correct(settings, clock)
    assert versions.published(ROUND, settings) == public
    office.publish_round(ROUND, settings, clock(), print)
    assert versions.published(ROUND, settings) == pending
