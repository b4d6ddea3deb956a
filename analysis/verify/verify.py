#!/usr/bin/env python3
"""Recompute a published release from its public files alone: one file, standard library only, Python 3.11 or newer.

用公开文件重算评议结果。用法 usage: python3 verify.py FOLDER    退出码 exit code: 0 一致 agrees, 1 不一致 differs,
2 读不懂 cannot be read. Written from the published method, not from the program that made the release.
"""

import csv
import hashlib
import itertools
import json
import math
import sys
import tomllib
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist

LEVELS = (1, 2, 3, 4, 5)
PRESET = {5: 100, 4: 80, 3: 60, 2: 30, 1: 0}
REST = "~rest"
NORMAL = NormalDist()
COLUMNS = {
    "points": ("var_exact", "score", "low", "high", "score_exact"),
    "satisfied": ("satisfied_var_exact", "satisfied_pct", "satisfied_low", "satisfied_high", "satisfied_exact"),
    "top2": ("top2_var_exact", "top2_pct", "top2_low", "top2_high"),
    "top3": ("top3_var_exact", "top3_pct", "top3_low", "top3_high"),
}


class Method:
    """method.toml: scale, weights, minimums."""

    def __init__(self, data: dict) -> None:
        self.min_n = data.get("min_n", 10)
        self.min_weight = Fraction(data.get("min_weight", "7/10"))
        self.confidence = float(Fraction(data.get("confidence", "0.95")))
        self.z = NORMAL.inv_cdf((1 + self.confidence) / 2)
        self.dimensions = {d["code"]: Fraction(d["weight"]) for d in data["dimension"]}
        self.groups = {g["code"]: Fraction(g["weight"]) for g in data["group"]}
        tables = {c["code"]: c.get("weights", self.groups) for c in data["class"]}
        self.weights = {code: {g: Fraction(t.get(g, 0)) for g in self.groups} for code, t in tables.items()}
        scale = {int(level): Fraction(points) for level, points in data.get("scale", PRESET).items()}
        self.floor, self.span = min(scale.values()), max(scale.values()) - min(scale.values())
        shares = {"satisfied": data.get("satisfied_levels", [3, 4, 5]), "top2": [4, 5], "top3": [3, 4, 5]}
        self.maps = {"points": scale} | {k: {i: Fraction(i in v) for i in LEVELS} for k, v in shares.items()}
        self.rules = data.get("rule", [])


def rounded(value: Fraction | float, places: int) -> str:
    """Half-even on the exact value."""
    scaled = round(Fraction(value) * 10**places)
    digits = f"{abs(scaled):0{places + 1}}"
    return f"{'-' if scaled < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def texts(value: Fraction | float | None, places: int) -> set[str]:
    """How a figure may be printed: exact ones in one way, floats on the edge of rounding in either."""
    edges = (0,) if isinstance(value, Fraction) else (-1e-9, 1e-9)
    return {""} if value is None else {rounded(value + edge, places) for edge in edges}


def chance(value: float | None) -> set[str]:
    """How a probability may be printed; the grid of the integral leaves a millionth open."""
    edges = () if value is None else (value - 1e-6, value + 1e-6)
    return {"<0.01" if edge < 0.01 else rounded(edge, 2) for edge in edges} or {""}


def mean(cells: dict, weights: dict, points: dict) -> tuple[Fraction, Fraction] | None:
    """(weighted mean of the released dimensions, their weight); None where none carries weight."""
    used = {d: weights[d] for d in cells if weights[d]}
    share = sum(used.values(), Fraction(0))
    if not share:
        return None
    return sum(w / share * pooled([cells[d]], points) for d, w in used.items()), share


def combined(groups: dict, weights: dict, dimensions: dict, points: dict) -> tuple:
    """(score, weight counted, sum of weight times mean, group -> (its weight of the score, its mean))."""
    means = {g: m for g, cells in groups.items() if weights[g] and (m := mean(cells, dimensions, points))}
    whole = sum(weights[g] for g in means)
    parts = {g: (weights[g] / whole, m) for g, (m, _) in means.items()}
    share = sum((weights[g] * s for g, (_, s) in means.items()), Fraction(0))
    known = sum((weights[g] * s * m for g, (m, s) in means.items()), Fraction(0))
    return sum((w * m for w, m in parts.values()), Fraction(0)), share, known, parts


def pooled(cells: list, points: dict) -> Fraction:
    """Mean points of all answers of some cells."""
    return Fraction(sum(c[i] * points[i] for c in cells for i in LEVELS), sum(c["answered"] for c in cells))


def weighted(cells: dict) -> list:
    return [cell for cell in cells.values() if cell["weight"]]


def awareness(cells: list) -> Fraction | None:
    """Answers in percent of ballots."""
    n = sum(cell["n"] for cell in cells)
    return Fraction(100 * sum(cell["answered"] for cell in cells), n) if n else None


def wilson(m: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's interval on the 0..1 scale."""
    middle, reach = m + z * z / (2 * n), z * math.sqrt(m * (1 - m) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * reach) / (1 + z * z / n) for sign in (-1, 1))
    return 0.0 if m == 0 else max(low, 0.0), 1.0 if m == 1 else min(high, 1.0)


def smoothed(strata: list) -> tuple[float, float, float] | None:
    """(mean, variance, effective n), one virtual answer a stratum; None where everybody answered.

    A stratum is (weight, n, mean, n times the sum of squared influences, n over the panel), on the 0..1 scale.
    """
    if all(f == 1 for *_, f in strata):
        return None
    variance = 0.0
    for w, n, m, v, f in strata:
        middle = (n * float(m) + 0.5) / (n + 1)
        spread = (n * (float(v) + float(m) ** 2) + 0.5) / (n + 1) - middle**2
        variance += float(w) ** 2 * spread / (n + 1) * (1 - float(f))
    size = 1 / sum(float(w) ** 2 / n for w, n, *_ in strata)
    raw = float(sum(w * m for w, _, m, *_ in strata))
    centre = (size * raw + 0.5) / (size + 1)
    return raw, variance, max(centre * (1 - centre) / variance, 1.0)


def tukey(confidence: float, k: int) -> float:
    """Quantile of the studentized range of k standard normals, over the root of two.

    P(q) = k * integral of density(x) * (Phi(x) - Phi(x - q))^(k-1), by the trapezoid rule; then bisection.
    """
    cdf, step, low, high = NORMAL.cdf, 0.05, 0.0, 40.0
    grid = [i * step for i in range(-180, 181)]
    while high - low > 1e-11:
        q = (low + high) / 2
        inside = k * step * sum(NORMAL.pdf(x) * (cdf(x) - cdf(x - q)) ** (k - 1) for x in grid)
        low, high = (q, high) if inside < confidence else (low, q)
    return low / math.sqrt(2)


def places(units: list, confidence: float) -> list:
    """(tier, best rank, worst rank, chance to be last) of each (exact score, standard error) of a class."""
    if len(units) < 2:
        return [(None, None, None, None) for _ in units]
    limit = tukey(confidence, len(units))
    best = [1 + sum(surely_above(other, own, limit) for other in units) for own in units]
    worst = [len(units) - sum(surely_above(own, other, limit) for other in units) for own in units]
    tiers = tier_of(units, 1 - confidence) if len(units) > 2 else [None] * 2
    return list(zip(tiers, best, worst, chances_last(units), strict=True))


def surely_above(one: tuple, two: tuple, limit: float) -> bool:
    error = math.hypot(one[1], two[1])
    return float(one[0]) - float(two[0]) > limit * error if error else one[0] > two[0]


def tier_of(units: list, alpha: float) -> list:
    """Against the mean of the others, two-sided, Benjamini-Hochberg."""
    others, tests = len(units) - 1, []
    total, squares = sum(x for x, _ in units), math.fsum(se**2 for _, se in units)
    for x, se in units:
        difference = float(x - (total - x) / others)
        error = math.sqrt(se**2 + max(squares - se**2, 0.0) / others**2)
        p = math.erfc(abs(difference) / error / math.sqrt(2)) if error else float(not difference)
        tests.append((p, difference))
    order = sorted(range(len(units)), key=lambda i: tests[i][0])
    passed = max((i + 1 for i, u in enumerate(order) if tests[u][0] * len(units) / (i + 1) <= alpha), default=0)
    signs = {u: "above" if tests[u][1] > 0 else "below" for u in order[:passed]}
    return [signs.get(i, "average") for i in range(len(units))]


def chances_last(units: list) -> list[float]:
    """Integral of each density times the others' chance to lie above: trapezoid, 4,001 points."""
    free = [(float(x), se) for x, se in units if se]
    sure = [x for x, se in units if not se]
    start = min((x - 9 * se for x, se in free), default=0.0)
    end = float(min(sure)) if sure else max(x + 9 * se for x, se in free)
    step, sums = (end - start) / 4000, [0.0] * len(free)
    for i in range(4001 if end > start else 0):
        y = start + i * step
        above = [math.erfc((y - x) / se / math.sqrt(2)) / 2 for x, se in free]
        after = [1.0] * (len(free) + 1)
        for j in range(len(free) - 1, -1, -1):
            after[j] = after[j + 1] * above[j]
        before = step / 2 if i in (0, 4000) else step
        for j, (x, se) in enumerate(free):
            sums[j] += before * after[j + 1] * math.exp(-(((y - x) / se) ** 2) / 2) / se / math.sqrt(2 * math.pi)
            before *= above[j]
    lowest = math.prod(math.erfc((end - x) / se / math.sqrt(2)) / 2 for x, se in free) if sure else 0.0
    rest = iter(sums)
    shared = sum(1 for x in sure if x == min(sure))
    return [next(rest) if se else (lowest / shared if x == min(sure) else 0.0) for x, se in units]


class Release:
    """The public files of one folder, and every figure again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wrong: list[str] = []
        self.tally: dict = defaultdict(lambda: [0, 0])
        self.method = Method(tomllib.loads(self.text("method.toml")))
        self.round = tomllib.loads(self.text("round.toml"))
        self.units = {u["slug"]: u for u in self.round["unit"]}
        self.manifest = json.loads(self.text("manifest.json"))
        self.listed = {entry["name"]: entry["sha256"] for entry in self.manifest["files"]}
        self.data = {name for name in self.listed if name.endswith((".csv", ".json", ".toml"))}
        names = sorted(name for name in self.data if name.endswith(".csv"))
        self.tables = {n: list(csv.DictReader(self.text(n).splitlines(), strict=True)) for n in names}
        self.cells: dict = defaultdict(lambda: defaultdict(dict))

    def text(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode("utf-8-sig")

    def sha256(self, name: str) -> str:
        return hashlib.sha256((self.folder / name).read_bytes()).hexdigest()

    def check(self, what: str, where: str, published: object, expected: object) -> None:
        """One figure; `expected` may be a set of texts that are all right."""
        fine = published in expected if isinstance(expected, set) else published == expected
        self.tally[what][not fine] += 1
        if not fine:
            shown = " / ".join(sorted(expected)) if isinstance(expected, set) else expected
            self.wrong.append(f"{what} {where}: 公布 published {published!s}, 重算 recomputed {shown!s}")

    def compare(self, table: str, where: str, row: dict, expected: dict) -> None:
        """The columns of one row; `expected` holds texts, or sets of texts that are all right."""
        for column, wanted in expected.items():
            self.check(f"{table}.csv {column}", where, row.get(column), wanted)

    def verify(self) -> int:
        """Everything, in the order of the files; the exit code."""
        self.check_files()
        self.check_counts()
        cells = {(u, g): found for u, groups in self.cells.items() for g, found in groups.items() if g != REST}
        self.groups = self.rows("groups", ("unit", "group"), set(cells))
        self.scores = self.rows("scores", ("unit",), {(slug,) for slug in self.units})
        for key in cells.keys() & self.groups.keys():
            self.check_group(*key)
        self.check_dimensions(cells)
        self.check_places({slug: self.check_unit(slug) for slug in self.units if (slug,) in self.scores})
        for what, (same, other) in self.tally.items():
            print(f"{'不一致 differs' if other else '一致 agrees'}\t{what}\t{same}/{same + other}")
        figures, wrong = sum(map(sum, self.tally.values())), len(self.wrong)
        print(*self.wrong, f"共{figures}处，{wrong}处不一致。{figures} figures, {wrong} differ.", sep="\n")
        return int(wrong > 0)

    def check_files(self) -> None:
        """Digests: of every file, of the release, of the method; release.json against the tables."""
        listed, model = self.listed, json.loads(self.text("release.json"))
        here = {name for name in listed if (self.folder / name).is_file()}
        for name in sorted(here | self.data):
            self.check("manifest.json sha256", name, listed[name], self.sha256(name))
        lines = "".join(f"{listed[name]}  {name}\n" for name in sorted(self.data))
        whole = hashlib.sha256(lines.encode()).hexdigest()
        self.check("manifest.json release_digest", "", self.manifest["release_digest"], whole)
        digest = self.sha256("method.toml")
        self.check("round.toml method_sha256", "", self.round.get("method_sha256", digest), digest)
        for name, rows in self.tables.items():
            pairs: list = list(itertools.zip_longest(rows, model[name[:-4]], fillvalue={"": None}))
            same = all(row.keys() == other.keys() for row, other in pairs)
            same = same and all(json_text(row[k], other[k]) for row, other in pairs for k in row)
            self.check("release.json = *.csv", name, same, True)

    def rows(self, table: str, keys: tuple, expected: set) -> dict:
        """The rows by key; says which are missing, too many or twice."""
        found = [(tuple(row[k] for k in keys), row) for row in self.tables[f"{table}.csv"]]
        names = [key for key, _ in found]
        for key in sorted(expected | set(names)):
            self.check(f"{table}.csv 行 rows", " ".join(key), names.count(key), int(key in expected))
        return {key: row for key, row in found if key in expected}

    def check_counts(self) -> None:
        """Counts add up, stand above the minimum, once each; a group has one number of ballots."""
        for row in self.tables["counts.csv"]:
            unit, group, dimension = row["unit"], row["group"], row["dimension"]
            cell = {i: int(row[f"level_{i}"]) for i in LEVELS}
            answered, n = sum(cell.values()), int(row["n"])
            known = unit in self.units and group in {*self.method.groups, REST} and dimension in self.method.dimensions
            before = self.cells[unit][group] if known else {}
            others, rest = [int(row["dont_know"]), int(row["blank"])], group == REST
            fine = {
                "行 rows": known and dimension not in before,
                "answered = level_1 + … + level_5": int(row["answered"]) == answered,
                "n = answered + dont_know + blank": n == answered + sum(others),
                "n 各维度相同 same in all dimensions": rest or all(cell["n"] == n for cell in before.values()),
                "answered >= min_n": answered >= self.method.min_n,
                "没有负数 no negative count": min(n, *cell.values(), *others) >= 0,
            }
            for what, right in fine.items():
                self.check(f"counts.csv {what}", f"{unit} {group} {dimension}", right, True)
            weight = self.method.dimensions.get(dimension)
            before[dimension] = cell | {"answered": answered, "n": n, "weight": weight}

    def of_panel(self, unit: str, group: str, n: int) -> Fraction:
        panel = self.units[unit].get("panel", {}).get(group)
        return min(Fraction(n, panel), Fraction(1)) if panel else Fraction(0)

    def check_group(self, unit: str, group: str) -> None:
        """Scores and shares of one group, its variances against the bound that counts alone give."""
        row, cells = self.groups[unit, group], self.cells[unit][group]
        expected: dict = {"n": str(next(iter(cells.values()))["n"])}
        for name, points in self.method.maps.items():
            prefix, found = "score" if name == "points" else name, mean(cells, self.method.dimensions, points)
            expected[f"{prefix}_exact"] = str(found[0]) if found else ""
            if name in ("points", "satisfied"):
                shown = texts(found and found[0] * (1 if name == "points" else 100), 2 if name == "points" else 1)
                expected["score" if name == "points" else "satisfied_pct"] = shown
            if found:
                self.check_variance(unit, group, COLUMNS[name][0], points, found[1])
        aware = awareness(weighted(cells))
        expected["aware_pct"] = texts(aware, 1)
        expected["low_awareness"] = "yes" if aware is not None and aware < 50 else ""
        self.compare("groups", f"{unit} {group}", row, expected)

    def check_variance(self, unit: str, group: str, column: str, points: dict, share: Fraction) -> None:
        """0 <= Var <= n/(n-1) (sum of V * root of squared deviations / N)^2 (1 - f)."""
        n, reach = int(self.groups[unit, group]["n"]), 0.0
        for d, cell in self.cells[unit][group].items():
            squares = sum(cell[i] * (points[i] - pooled([cell], points)) ** 2 for i in LEVELS)
            reach += float(self.method.dimensions[d] / share) * math.sqrt(squares) / cell["answered"]
        limit = n / (n - 1) * reach**2 * float(1 - self.of_panel(unit, group, n)) * (1 + 1e-9)
        fine = 0 <= float(Fraction(self.groups[unit, group].get(column) or -1)) <= limit
        self.check(f"groups.csv {column} 不超上界 within its bound", f"{unit} {group}", fine, True)

    def check_dimensions(self, released: dict) -> None:
        """Pooled shares with Wilson's interval."""
        found: dict = defaultdict(list)
        for (unit, _), cells in released.items():
            for d, cell in cells.items():
                found[unit, d].append(cell)
        for key, row in self.rows("dimensions", ("unit", "dimension"), set(found)).items():
            share, top2 = (pooled(found[key], self.method.maps[name]) for name in ("satisfied", "top2"))
            answered = sum(cell["answered"] for cell in found[key])
            ends = wilson(float(share), answered, self.method.z)
            shown = (100 * share, *(100 * end for end in ends), 100 * top2, awareness(found[key]))
            columns = ("satisfied_pooled_pct", "low", "high", "top2_pooled_pct", "aware_pct")
            expected = {column: texts(value, 1) for column, value in zip(columns, shown, strict=True)}
            self.compare("dimensions", " ".join(key), row, {"answered": str(answered)} | expected)

    def check_unit(self, slug: str) -> tuple | None:
        """One unit's row of scores; returns (exact score, smoothed standard error), None where there is no score."""
        row, kind, method = self.scores[slug,], self.units[slug]["class"], self.method
        groups = {g: cells for g, cells in self.cells.get(slug, {}).items() if g != REST}
        cells = [cell for some in groups.values() for cell in some.values()]
        n = sum(next(iter(some.values()))["n"] for some in groups.values())
        _, share, known, _ = combined(groups, method.weights[kind], method.dimensions, method.maps["points"])
        expected: dict = {"class": kind, "n": str(n), "counted_weight": str(share)}
        expected["satisfied_pooled_pct"] = texts(100 * pooled(cells, method.maps["satisfied"]) if cells else None, 1)
        expected["aware_pct"] = texts(awareness([c for some in groups.values() for c in weighted(some)]), 1)
        expected["bound_low"] = texts(known + (1 - share) * method.floor if share else None, 2)
        expected["bound_high"] = texts(known + (1 - share) * (method.floor + method.span) if share else None, 2)
        has_score = share > 0 and share >= method.min_weight and row["status"] != "under_review"
        found = {name: self.measure(slug, name, groups) if has_score else None for name in method.maps}
        for name, measured in found.items():
            expected |= measured[0] if measured else dict.fromkeys(COLUMNS[name][1:], "")
        standing = found["points"] and found["points"][1]
        # Whether ballots are withheld or in doubt, counts do not tell: either text is right then.
        unscored = (
            {"under_review"} & {row["status"]} or {"insufficient_weight"} if n else {"no_ballots", "insufficient_n"}
        )
        full = "ok" if standing and standing[1] else "census"
        expected["status"] = unscored if not standing else "renormalised" if share < 1 else full
        self.compare("scores", slug, row, expected)
        return standing

    def measure(self, slug: str, name: str, groups: dict) -> tuple[dict, tuple]:
        """(the texts of a score or share and its interval, the score with its smoothed standard error)."""
        method, strata = self.method, []
        floor, span = (method.floor, method.span) if name == "points" else (Fraction(0), Fraction(1))
        weights = method.weights[self.units[slug]["class"]]
        value, _, _, parts = combined(groups, weights, method.dimensions, method.maps[name])
        for g, (weight, m) in parts.items():
            # Where its row is missing, as said above, the interval has no ground to stand on.
            variance = Fraction(self.groups.get((slug, g), {}).get(COLUMNS[name][0]) or 0)
            n = next(iter(groups[g].values()))["n"]
            f = self.of_panel(slug, g, n)
            squares = variance * (n - 1) / n / (1 - f) if f < 1 else Fraction(0)
            strata.append((weight, n, (m - floor) / span, n * squares / span**2, f))
        smooth, cells = smoothed(strata), [cell for g in parts for cell in weighted(groups[g])]
        interval = wilson(smooth[0], smooth[2], method.z) if smooth else (None, None)
        if name != "points" and len(cells) == 1 and not strata[0][4]:
            interval = wilson(float(value), cells[0]["answered"], method.z)
        factor, digits = (1, 2) if name == "points" else (100, 1)
        ends = [None if end is None else factor * (float(floor) + float(span) * end) for end in interval]
        shown = [texts(value * factor, digits), *(texts(end, digits) for end in ends), str(value)]
        standing = value, math.sqrt(smooth[1]) * float(span) if smooth else 0.0
        return dict(zip(COLUMNS[name][1:], shown, strict=False)), standing

    def check_places(self, standings: dict) -> None:
        """Tiers, rank ranges and the chance to be last, within each class."""
        for kind in self.method.weights:
            members = [slug for slug, s in standings.items() if s and self.units[slug]["class"] == kind]
            found = places([standings[m] for m in members], self.method.confidence)
            for slug, (tier, best, worst, last) in zip(members, found, strict=True):
                # Ballots in doubt are not public: that a tier waits for review is the office's word.
                expected: dict = {"tier": {tier or "", "review" if tier else ""}, "p_last": chance(last)}
                expected |= {"rank_low": str(best or ""), "rank_high": str(worst or "")}
                self.compare("scores", slug, self.scores[slug,], expected)


def json_text(text: str, value: object) -> bool:
    """Whether a value of release.json is the text of a CSV cell."""
    return text != "" and float(text) == value if isinstance(value, int | float) else text == (value or "")


def main() -> int:
    """Verify the folder named on the command line."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    try:
        return Release(folder).verify()
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError, csv.Error) as error:
        print(f"读不懂 cannot be read: {folder}: {type(error).__name__}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
