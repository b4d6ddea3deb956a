"""The vectors of method.md §1.3, §1.6 and §1.7, to the digits stated there."""

from fractions import Fraction
from math import sqrt

import pytest

from analysis.intervals import Stratum, smooth, wilson, z_of

from .conftest import Folder, method_data, only, round_data, vector_method, vector_round, vector_rows, weighted

Z = 1.959963984540054
WEIGHTS = {0: Fraction(5, 10), 1: Fraction(3, 10), 2: Fraction(2, 10)}


def test_the_normal_quantile_is_that_of_the_tables():
    assert z_of(Fraction("0.95")) == pytest.approx(Z, abs=1e-14)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 10, 0, 0.277532799863),
        (10, 10, 0.722467200137, 1),
        (9, 10, 0.595849973205, 0.982123786905),
        (27, 30, 0.743789174208, 0.965400111253),
        (45, 60, 0.627679299230, 0.842234774699),
        (1843, 2000, 0.908888244470, 0.932495684672),
    ],
)
def test_wilson_gives_the_table_of_known_answers(k, n, low, high):
    assert wilson(k / n, n, Z) == pytest.approx((low, high), abs=1e-12)


def stratum(weight: Fraction, counts: tuple[int, ...], fraction: Fraction = Fraction(0)) -> Stratum:
    """One question on the linear map, from counts worst to best."""
    n = sum(counts)
    points = [Fraction(level, 4) for level in range(5)]
    mean = sum((c * p for c, p in zip(counts, points, strict=True)), Fraction(0)) / n
    variance = sum((c * (p - mean) ** 2 for c, p in zip(counts, points, strict=True)), Fraction(0)) / n
    return Stratum(weight, n, mean, variance, fraction)


A, B, C = (3, 2, 12, 20, 17), (2, 2, 2, 9, 10), (1, 0, 2, 5, 3)


@pytest.mark.parametrize(
    ("strata", "mean", "interval"),
    [
        ([stratum(Fraction(1), (0, 0, 0, 0, 10))], 100, (74.11670330319686, 100)),
        ([stratum(Fraction(1), (0, 0, 1, 2, 27))], 96.66666666666667, (88.1302547577368, 99.12487461278721)),
        ([stratum(Fraction(1), A)], 71.29629629629629, (63.53788657047693, 77.97609414342422)),
        (
            [stratum(Fraction(5, 10), A), stratum(Fraction(3, 10), B), stratum(Fraction(2, 10), C)],
            71.63905723905724,
            (65.03264457587066, 77.43048568406427),
        ),
        (
            [stratum(Fraction(5, 10), A), stratum(Fraction(3, 10), B), stratum(Fraction(2, 10), C, Fraction(11, 20))],
            71.63905723905724,
            (65.6480822558344, 76.9520275299202),
        ),
    ],
)
def test_the_smoothed_interval_gives_its_known_answers(strata, mean, interval):
    smoothed = smooth(strata)
    point = float(sum(s.weight * s.mean for s in strata))
    assert 100 * point == pytest.approx(mean, abs=1e-12)
    assert [100 * x for x in wilson(point, smoothed.n_eff, Z)] == pytest.approx(interval, abs=1e-9)


def test_ten_unanimous_answers_count_as_eleven():
    assert smooth([stratum(Fraction(1), (0, 0, 0, 0, 10))]).n_eff == pytest.approx(11)


def test_the_composite_score_is_the_exact_fraction_of_the_vector(folder: Folder):
    result = only(folder(vector_rows(), vector_method(), vector_round()))
    assert result.score.mean == Fraction(370810133, 5464800)
    assert [g.mean for g in result.groups.values()] == [
        Fraction(28445, 432),
        Fraction(348527, 5060),
        Fraction(3139, 44),
    ]


def test_the_item_means_are_the_fractions_of_the_vector(folder: Folder):
    result = only(folder(vector_rows(), vector_method(), vector_round()))
    points = {level: Fraction(25 * (level - 1)) for level in range(1, 6)}
    means = [cell.mean(points) for cell in result.released.cells.values()]
    expected = "1925/27 525/8 3175/54 73 1500/23 1475/22 775/11 675/11 165/2"
    assert means == [Fraction(text) for text in expected.split()]


def test_the_group_variances_are_exact(folder: Folder):
    groups = only(folder(vector_rows(), vector_method(), vector_round())).groups
    assert [g.variance for g in groups.values()] == [
        Fraction(490651499375, 87403857408),
        Fraction(5590110870251, 310930118400),
        Fraction(151476507, 16105100),
    ]
    assert [g.n * g.influence for g in groups.values()] == [
        Fraction(490651499375, 1481421312),
        Fraction(5590110870251, 12955421600),
        Fraction(151476507, 585640),
    ]


def test_the_standard_error_is_that_of_r_survey(folder: Folder):
    groups = only(folder(vector_rows(), vector_method(), vector_round())).groups
    total = sum((WEIGHTS[g] ** 2 * group.variance for g, group in groups.items()), Fraction(0))
    assert sqrt(total) == pytest.approx(1.8432861890402354, abs=1e-12)
    singles = [sqrt(group.variance) for group in groups.values()]
    assert singles == pytest.approx([2.3693066056317607, 4.240126510532208, 3.0668386514262433], abs=1e-12)


def test_the_published_interval_is_that_of_the_vector(folder: Folder):
    result = only(folder(vector_rows(), vector_method(), vector_round()))
    assert result.score.interval == pytest.approx((63.87723626235974, 71.58823751978089), abs=1e-9)


def test_the_effective_sample_size_is_that_of_the_vector(folder: Folder):
    groups = only(folder(vector_rows(), vector_method(), vector_round())).groups
    strata = [Stratum(WEIGHTS[g], x.n, x.mean / 100, x.n * x.influence / 10000, x.fraction) for g, x in groups.items()]
    smoothed = smooth(strata)
    assert (smoothed.n_eff, smoothed.n) == pytest.approx((560.4024067817375, 90.09009009009009), abs=1e-9)


def test_without_group_c_the_score_is_renormalised_and_bounded(folder: Folder):
    result = only(folder(vector_rows("AB"), vector_method(), vector_round()))
    assert float(result.score.mean) == pytest.approx(66.9826372877324, abs=1e-12)
    assert [float(b) for b in result.bounds] == pytest.approx([53.58610983018592, 73.58610983018592], abs=1e-12)
    assert result.status == "renormalised"


def one_question(rows: list[str]) -> list[str]:
    """The first question's valid answers of the vector."""
    shortened = [row.rsplit(",", 2)[0] for row in rows]
    return [row for row in shortened if not row.endswith(",0")]


def test_one_question_alone_gives_the_mean_and_error_of_r_survey(folder: Folder):
    method = method_data(dimension=weighted(q1="1"), group=weighted(A="5/10", B="3/10", C="2/10"))
    result = only(folder(one_question(vector_rows()), method, vector_round(None)))
    total = sum((WEIGHTS[g] ** 2 * group.variance for g, group in result.groups.items()), Fraction(0))
    assert float(result.score.mean) == pytest.approx(71.6390572390572, abs=1e-12)
    assert sqrt(total) == pytest.approx(3.17427611195468, abs=1e-12)


def test_one_question_alone_gives_the_satisfied_share_of_r_survey(folder: Folder):
    method = method_data(dimension=weighted(q1="1"), group=weighted(A="5/10", B="3/10", C="2/10"))
    result = only(folder(one_question(vector_rows()), method, vector_round(None)))
    total = sum((WEIGHTS[g] ** 2 * group.variance for g, group in result.satisfied_groups.items()), Fraction(0))
    assert float(result.satisfied.mean) == pytest.approx(0.887521885521885, abs=1e-12)
    assert sqrt(total) == pytest.approx(0.0350841205424094, abs=1e-12)


def test_the_chinese_preset_gives_its_known_answer(folder: Folder):
    method = method_data(dimension=weighted(q1="1"), group=weighted(A="5/10", B="3/10", C="2/10"), scale=None)
    result = only(folder(one_question(vector_rows()), method, round_data()))
    assert [g.mean for g in result.groups.values()] == [Fraction(680, 9), Fraction(76), Fraction(820, 11)]
    assert result.score.mean == Fraction(37366, 495)


def test_a_panel_of_one_question_has_the_error_of_r_survey(folder: Folder):
    method = method_data(dimension=weighted(q1="1"), group=weighted(A="5/10", B="3/10", C="2/10"))
    result = only(folder(one_question(vector_rows()), method, vector_round(20)))
    assert sqrt(result.groups[2].variance) == pytest.approx(5.90471866216663, abs=1e-12)
    assert float(result.groups[2].mean) == pytest.approx(70.45454545454545, abs=1e-12)
