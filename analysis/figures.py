"""All tables of a release, from counted ballots and what they are compared with."""

from collections.abc import Callable, Mapping
from typing import Any

from .comparison import change_rows, class_places, funnel_rows, rollup_rows, series_rows, trend_rows
from .composition import composition_rows
from .counts import Tally
from .earlier import Counted, Inputs
from .everyday import disagreement_rows, everyday_rows, kept_rows
from .integrity import integrity_rows, suspicious_weeks
from .kept import count_kept
from .power import power_rows
from .privacy import privacy_report, refuse_differencing
from .ranks import Place
from .read import Snapshot
from .results import unit_result
from .rows import Row, result_tables
from .rules import rule_rows
from .sensitivity import sensitivity_rows, under_review

REVIEW = "review"
Tables = dict[str, list[Row]]


def figures(
    snapshot: Snapshot, tally: Tally, counting: Callable[[Snapshot], Tally], inputs: Inputs
) -> tuple[Counted, Tables, dict[str, Any]]:
    """The results, every table by name, and the privacy report. Raises BadInput."""
    method, facts = snapshot.method, snapshot.round
    counted = Counted(method, facts, [unit_result(tally, i, method, facts) for i in range(len(facts.units))])
    refuse_differencing(counted, inputs.released)
    places = class_places({r.unit.slug: r.score for r in counted.results if r.score}, counted)
    tables = result_tables(counted.results, method)
    tables["integrity.csv"] = integrity_rows(tally, counted)
    weeks = suspicious_weeks(tables["integrity.csv"], counted)
    tables["sensitivity.csv"] = sensitivity_rows(snapshot, tally, counted, places, weeks, counting)
    _place(tables["scores.csv"], places, under_review(tables["sensitivity.csv"]))
    tables |= _compared(counted, inputs, places) | _beside(snapshot, tally, counted, inputs)
    return counted, tables, privacy_report(counted, tables, inputs.released)


def _place(scores: list[Row], places: Mapping[str, Place], review: set[str]) -> None:
    """Tier, ranks and the chance of being last beside each score."""
    for row in scores:
        place = places.get(row["unit"])
        if place:
            row |= vars(place)
            row["tier"] = REVIEW if row["unit"] in review else place.tier


def _compared(counted: Counted, inputs: Inputs, places: Mapping[str, Place]) -> Tables:
    return {
        "funnel.csv": funnel_rows(counted),
        "changes.csv": change_rows(counted, inputs.previous),
        "series.csv": series_rows(counted, inputs.previous),
        "trend.csv": trend_rows(counted, inputs.previous),
        "rollup.csv": rollup_rows(counted),
        "rules.csv": rule_rows(counted, inputs.previous, places),
    }


def _beside(snapshot: Snapshot, tally: Tally, counted: Counted, inputs: Inputs) -> Tables:
    commitments = count_kept(snapshot)
    return {
        "power.csv": power_rows(counted.method),
        "composition.csv": composition_rows(tally, counted),
        "everyday.csv": everyday_rows(tally, counted),
        "kept_rates.csv": kept_rows(commitments, counted),
        "disagreement.csv": disagreement_rows(commitments, counted, inputs.previous),
    }
