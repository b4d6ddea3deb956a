#!/usr/bin/env python3
"""Recompute a published release from its public files: python3 verify.py FOLDER. 用公开文件重算评议结果。
退出码 exit code: 0 一致 agrees, 1 不一致 differs, 2 读不懂 cannot be read. Written from the published method alone.
"""

import csv
import hashlib
import itertools
import json
import math
import operator
import sys
import tomllib
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist

LEVELS = ("level_1", "level_2", "level_3", "level_4", "level_5")
PRESET = {"5": 100, "4": 80, "3": 60, "2": 30, "1": 0}
REST = "~rest"
NORMAL = NormalDist()
COLUMNS: dict = {"points": ("var_exact", "score", "low", "high", "score_exact")}
COLUMNS |= {s: (f"{s}_var_exact", f"{s}_pct", f"{s}_low", f"{s}_high") for s in ("satisfied", "top2", "top3")}


def texts(value: Fraction | float | None, places: int, edge: float = 1e-9) -> set[str]:
    """How a figure may be printed, half-even: exact ones in one way, floats on the edge of rounding in either."""
    edges = [value] if isinstance(value, Fraction) else [] if value is None else [value - edge, value + edge]
    scaled, one = [round(Fraction(x) * 10**places) for x in edges], 10**places
    return {f"{'-' * (k < 0)}{abs(k) // one}.{abs(k) % one:0{places}}" for k in scaled} or {""}


def combined(groups: dict, weights: dict, dimensions: dict, points: dict) -> tuple:
    """(score or None, weight counted, sum of weight times mean, group -> (its weight of the score, its mean)).

    A group's mean is that of its released dimensions, their weights summing to 1 among themselves.
    """
    shares = {g: sum(dimensions[d] for d in cells) for g, cells in groups.items() if weights[g]}
    sums = {g: sum(dimensions[d] * pooled([cell], points) for d, cell in groups[g].items()) for g in shares}
    used = {g: weights[g] for g, share in shares.items() if share}
    parts = {g: (weight / sum(used.values()), sums[g] / shares[g]) for g, weight in used.items()}
    counted = sum((weight * shares[g] for g, weight in used.items()), Fraction(0))
    known = sum((weight * sums[g] for g, weight in used.items()), Fraction(0))
    return sum((w * m for w, m in parts.values()), Fraction(0)) if parts else None, counted, known, parts


def pooled(cells: list, points: dict) -> Fraction:
    """Mean points of all answers of some cells."""
    return Fraction(sum(c[i] * points[i] for c in cells for i in LEVELS), sum(c["answered"] for c in cells))


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
    """(mean, variance, effective n) of (weight, n, mean, n * sum of squared influences, n over the panel), all 0..1."""
    if all(f == 1 for *_, f in strata):
        return None
    variance = 0.0
    for w, n, m, v, f in strata:
        middle = (n * float(m) + 0.5) / (n + 1)
        spread = (n * (float(v) + float(m) ** 2) + 0.5) / (n + 1) - middle**2
        variance += float(w) ** 2 * spread / (n + 1) * (1 - float(f))
    size, raw = 1 / sum(float(w) ** 2 / n for w, n, *_ in strata), float(sum(w * m for w, _, m, *_ in strata))
    centre = (size * raw + 0.5) / (size + 1)
    return raw, variance, max(centre * (1 - centre) / variance, 1.0)


def tukey(confidence: float, k: int) -> float:
    """Quantile of the range of k normals over root 2: P(q) = k * integral of pdf(x) (Phi(x) - Phi(x - q))^(k-1)."""
    cdf, step, low, high = NORMAL.cdf, 0.05, 0.0, 40.0
    grid = [i * step for i in range(-180, 181)]
    while high - low > 1e-11:
        q = (low + high) / 2
        inside = k * step * sum(NORMAL.pdf(x) * (cdf(x) - cdf(x - q)) ** (k - 1) for x in grid)
        low, high = (q, high) if inside < confidence else (low, q)
    return low / math.sqrt(2)


def places(units: list, confidence: float) -> list:
    """(tier, best rank, worst rank, chance to be last) of each (exact score, error; 0: exact order) of a class."""
    if len(units) < 2:
        return [(None, None, None, None) for _ in units]
    limit = tukey(confidence, len(units))
    sure = [[float(a - b) > limit * math.hypot(s, t) if s or t else a > b for b, t in units] for a, s in units]
    best = [1 + sum(row[j] for row in sure) for j in range(len(units))]
    worst = [len(units) - sum(row) for row in sure]
    tiers = tier_of(units, 1 - confidence) if len(units) > 2 else [None] * 2
    return list(zip(tiers, best, worst, chances_last(units), strict=True))


def tier_of(units: list, alpha: float) -> list:
    """Against the mean of the others, two-sided, Benjamini-Hochberg."""
    others, size, total = len(units) - 1, len(units), sum(x for x, _ in units)
    squares, far = math.fsum(se**2 for _, se in units), [float(x - (total - x) / others) for x, _ in units]
    errors = [math.sqrt(se**2 + max(squares - se**2, 0.0) / others**2) for _, se in units]
    p = [math.erfc(abs(d) / e / math.sqrt(2)) if e else float(not d) for d, e in zip(far, errors, strict=True)]
    order = sorted(range(size), key=lambda i: p[i])
    passed = max((i + 1 for i, unit in enumerate(order) if p[unit] * size / (i + 1) <= alpha), default=0)
    return ["average" if i not in order[:passed] else "above" if far[i] > 0 else "below" for i in range(size)]


def chances_last(units: list) -> list[float]:
    """Integral of each density times the others' chance to lie above: trapezoid, 4,001 points."""
    free, sure = [(float(x), se) for x, se in units if se], [x for x, se in units if not se]
    start = min((x - 9 * se for x, se in free), default=0.0)
    end = float(min(sure)) if sure else max(x + 9 * se for x, se in free)
    step, sums = (end - start) / 4000, [0.0] * len(free)
    for i in range(4001 if end > start else 0):
        standard = [(start + i * step - x) / se for x, se in free]
        above = [math.erfc(t / math.sqrt(2)) / 2 for t in standard]
        after = [1.0, *itertools.accumulate(reversed(above), operator.mul)][-2::-1]
        before = (step / 2 if i in (0, 4000) else step) / math.sqrt(2 * math.pi)
        for j, (_, se) in enumerate(free):
            sums[j] += before * after[j] * math.exp(-(standard[j] ** 2) / 2) / se
            before *= above[j]
    rest, lowest = iter(sums), math.prod(math.erfc((end - x) / se / math.sqrt(2)) / 2 for x, se in free)
    return [next(rest) if se else lowest * (x == min(sure)) / sure.count(min(sure)) for x, se in units]


class Release:
    """The public files of one folder, and every figure again."""

    def __init__(self, folder: Path) -> None:
        self.wrong: list[str] = []
        self.tally: dict = defaultdict(lambda: [0, 0])
        self.manifest = json.loads((folder / "manifest.json").read_bytes())
        self.listed = {entry["name"]: entry["sha256"] for entry in self.manifest["files"]}
        self.data = sorted(name for name in self.listed if name.endswith((".csv", ".json", ".toml")))
        here = [name for name in self.listed if name in self.data or (folder / name).is_file()]
        self.files = {name: (folder / name).read_bytes() for name in here}
        texts_of = {name: self.files[name].decode("utf-8-sig") for name in self.data}
        self.read_method(tomllib.loads(texts_of["method.toml"]))
        self.model, self.round = json.loads(texts_of["release.json"]), tomllib.loads(texts_of["round.toml"])
        tables = {name: csv.DictReader(texts_of[name].splitlines(), strict=True) for name in self.data}
        self.tables = {name: list(rows) for name, rows in tables.items() if name.endswith(".csv")}
        self.units = {u["slug"]: u for u in self.round["unit"]}
        self.cells: dict = defaultdict(lambda: defaultdict(dict))

    def read_method(self, data: dict) -> None:
        """method.toml: scale, weights, minimums, rules; what is left out has its preset."""
        self.min_n, self.min_weight = data.get("min_n", 10), Fraction(data.get("min_weight", "7/10"))
        self.confidence = float(Fraction(data.get("confidence", "0.95")))
        self.z, self.rules = NORMAL.inv_cdf((1 + self.confidence) / 2), {r["id"]: r for r in data.get("rule", [])}
        self.dimensions = {d["code"]: Fraction(d["weight"]) for d in data["dimension"]}
        groups = {g["code"]: g["weight"] for g in data["group"]}
        tables = {c["code"]: c.get("weights", groups) for c in data["class"]}
        self.weights = {code: {g: Fraction(t.get(g, 0)) for g in groups} for code, t in tables.items()}
        scale = {i: Fraction(data.get("scale", PRESET)[i[-1]]) for i in LEVELS}
        self.floor, self.span = min(scale.values()), max(scale.values()) - min(scale.values())
        shares = {"satisfied": data.get("satisfied_levels", [3, 4, 5]), "top2": [4, 5], "top3": [3, 4, 5]}
        self.maps = {"points": scale} | {k: {i: Fraction(int(i[-1]) in v) for i in LEVELS} for k, v in shares.items()}

    def compare(self, file: str, where: str, published: dict, expected: dict) -> None:
        """Figures by column; `expected` holds what is right, or sets of texts that are all right."""
        for column, right in expected.items():
            found, allowed = published.get(column), right if isinstance(right, set) else {right}
            self.tally[f"{file} {column}"][found not in allowed] += 1
            if found not in allowed:
                shown = " / ".join(sorted(map(str, allowed)))
                self.wrong.append(f"{file} {column} {where}: 公布 published {found}, 重算 recomputed {shown}")

    def verify(self) -> int:
        """Everything, in the order of the files; the exit code."""
        self.check_files()
        self.check_counts()
        if not any(self.tally[what][1] for what in list(self.tally) if what.startswith("counts.csv")):
            self.check_figures()
        for what, (same, other) in self.tally.items():
            print(f"{'不一致 differs' if other else '一致 agrees'}\t{what}\t{same}/{same + other}")
        n, wrong = sum(map(sum, self.tally.values())), len(self.wrong)
        print(*self.wrong, f"共{n}处，{wrong}处不一致。{n} figures, {wrong} differ.", sep="\n")
        return int(wrong > 0)

    def check_figures(self) -> None:
        """What follows from the counts."""
        cells = {(unit, group): found for unit, groups in self.cells.items() for group, found in groups.items()}
        self.groups = self.rows("groups.csv", ("unit", "group"), set(cells))
        self.scores = self.rows("scores.csv", ("unit",), {(slug,) for slug in self.units})
        for key in cells.keys() & self.groups.keys():
            self.check_group(*key)
        self.check_dimensions(cells)
        self.check_places({slug: self.check_unit(slug) for slug in self.units if (slug,) in self.scores})
        self.check_rules()
        self.check_sensitivity()

    def check_files(self) -> None:
        """Digests: of every file, of the release, of the method; release.json against the tables."""
        for name, content in self.files.items():
            found = {"sha256": hashlib.sha256(content).hexdigest()}
            self.compare("manifest.json", name, {"sha256": self.listed[name]}, found)
        lines = "".join(f"{self.listed[name]}  {name}\n" for name in self.data)
        self.compare("manifest.json", "", self.manifest, {"release_digest": hashlib.sha256(lines.encode()).hexdigest()})
        digest = {"method_sha256": self.listed["method.toml"]}
        self.compare("round.toml", "", digest | self.round, digest)
        for name, rows in self.tables.items():
            shown = [{k: "" if v is None else v for k, v in row.items()} for row in self.model[name[:-4]]]
            kinds = [[k for k, v in row.items() if isinstance(v, int | float)] for row in shown]
            pairs = zip(rows, kinds, strict=False)
            typed = [row | {k: float(row[k] or "nan") for k in keys if k in row} for row, keys in pairs]
            self.compare("release.json", name, {"= *.csv": typed == shown}, {"= *.csv": True})

    def rows(self, table: str, keys: tuple, expected: set, current: str = "") -> dict:
        """The rows by key (of the current round); says which are missing, too many or twice."""
        found = [(tuple(r[k] for k in keys), r) for r in self.tables[table] if r.get("round") in (None, current)]
        names = [key for key, _ in found]
        for key in sorted(expected | set(names)):
            self.compare(table, " ".join(key), {"行 rows": names.count(key)}, {"行 rows": int(key in expected)})
        return {key: row for key, row in found if key in expected}

    def check_counts(self) -> None:
        """Counts add up, stand above the minimum, once each; a group has one number of ballots."""
        for row in self.tables["counts.csv"]:
            unit, group, dimension = row["unit"], row["group"], row["dimension"]
            cell = {k: int(row[k]) for k in (*LEVELS, "n", "answered", "dont_know", "blank")}
            groups = self.weights[self.units[unit]["class"]] if unit in self.units else {}
            known = dimension in self.dimensions and unit in self.units and (group == REST or group in groups)
            before = self.cells[unit][group] if known else {}
            fine = {
                "行 rows": known and dimension not in before and min(cell.values()) >= 0,
                "answered = level_1 + … + level_5": cell["answered"] == sum(cell[i] for i in LEVELS),
                "n = answered + dont_know + blank": cell["n"] == cell["answered"] + cell["dont_know"] + cell["blank"],
                "n 各维度相同 same in all dimensions": group == REST
                or {c["n"] for c in before.values()} <= {cell["n"]},
                "answered >= min_n": cell["answered"] >= self.min_n,
            }
            self.compare("counts.csv", f"{unit} {group} {dimension}", fine, dict.fromkeys(fine, True))
            before[dimension] = cell | {"weight": self.dimensions.get(dimension)}
        for groups in self.cells.values():
            groups.pop(REST, None)

    def check_group(self, unit: str, group: str) -> None:
        """Score, shares and awareness of one group."""
        cells, one, dimensions = self.cells[unit][group], {group: Fraction(1)}, self.dimensions
        found = {name: combined({group: cells}, one, dimensions, m)[0] for name, m in self.maps.items()}
        score, satisfied = found["points"], found["satisfied"]
        aware = awareness([c for c in cells.values() if c["weight"]])
        exact = {f"{'score' if k == 'points' else k}_exact": "" if v is None else str(v) for k, v in found.items()}
        expected: dict = exact | {"n": str(next(iter(cells.values()))["n"]), "score": texts(score, 2)}
        expected |= {"aware_pct": texts(aware, 1), "low_awareness": "yes" if aware is not None and aware < 50 else ""}
        expected["satisfied_pct"] = texts(None if satisfied is None else 100 * satisfied, 1)
        self.compare("groups.csv", f"{unit} {group}", self.groups[unit, group], expected)

    def check_dimensions(self, released: dict) -> None:
        """Pooled shares with Wilson's interval."""
        found: dict = defaultdict(list)
        for unit, d, cell in ((unit, d, cell) for (unit, _), cells in released.items() for d, cell in cells.items()):
            found[unit, d].append(cell)
        for key, row in self.rows("dimensions.csv", ("unit", "dimension"), set(found)).items():
            share, top2 = (pooled(found[key], self.maps[name]) for name in ("satisfied", "top2"))
            answered = sum(cell["answered"] for cell in found[key])
            ends = wilson(float(share), answered, self.z)
            shown = (100 * share, *(100 * end for end in ends), 100 * top2, awareness(found[key]))
            columns = ("satisfied_pooled_pct", "low", "high", "top2_pooled_pct", "aware_pct")
            expected = {column: texts(value, 1) for column, value in zip(columns, shown, strict=True)}
            self.compare("dimensions.csv", " ".join(key), row, {"answered": str(answered)} | expected)

    def check_unit(self, slug: str) -> tuple | None:
        """One unit's row of scores; returns (exact score, smoothed standard error), None where there is no score."""
        row, kind, groups = self.scores[slug,], self.units[slug]["class"], self.cells[slug]
        cells = [cell for some in groups.values() for cell in some.values()]
        n = sum(next(iter(some.values()))["n"] for some in groups.values())
        _, share, known, _ = combined(groups, self.weights[kind], self.dimensions, self.maps["points"])
        expected: dict = {"class": kind, "n": str(n), "counted_weight": str(share)}
        expected["satisfied_pooled_pct"] = texts(100 * pooled(cells, self.maps["satisfied"]) if cells else None, 1)
        expected["aware_pct"] = texts(awareness([cell for cell in cells if cell["weight"]]), 1)
        expected["bound_low"] = texts(known + (1 - share) * self.floor if share else None, 2)
        expected["bound_high"] = texts(known + (1 - share) * (self.floor + self.span) if share else None, 2)
        has_score = share > 0 and share >= self.min_weight and row["status"] != "under_review"
        found = {name: self.measure(slug, name) if has_score else None for name in self.maps}
        for name, measured in found.items():
            expected |= measured[0] if measured else dict.fromkeys(COLUMNS[name][1:], "")
        expected["satisfied_exact"] = str(found["satisfied"][1][0]) if found["satisfied"] else ""
        standing = found["points"] and found["points"][1]
        # Whether ballots are withheld or in doubt, counts do not tell: either text is right then.
        none = {"under_review"} & {row["status"]} or {"insufficient_weight"} if n else {"no_ballots", "insufficient_n"}
        full = "ok" if standing and standing[1] else "census"
        expected["status"] = none if not standing else "renormalised" if share < 1 else full
        self.compare("scores.csv", slug, row, expected)
        return standing

    def measure(self, slug: str, name: str) -> tuple[dict, tuple]:
        """(the texts of a score or share and its interval, the score with its smoothed standard error)."""
        groups, strata, column = self.cells[slug], [], COLUMNS[name][0]
        floor, span = (self.floor, self.span) if name == "points" else (Fraction(0), Fraction(1))
        weights, points = self.weights[self.units[slug]["class"]], self.maps[name]
        value, _, _, parts = combined(groups, weights, self.dimensions, points)
        for g, (weight, m) in parts.items():
            variance = Fraction(self.groups.get((slug, g), {}).get(column) or -1)
            n, panel = next(iter(groups[g].values()))["n"], self.units[slug].get("panel", {}).get(g)
            f = min(Fraction(n, panel), Fraction(1)) if panel else Fraction(0)
            squares = variance * (n - 1) / n / (1 - f) if f < 1 else Fraction(0)
            strata.append((weight, n, (m - floor) / span, max(n * squares / span**2, Fraction(0)), f))
            # Counts give a bound: sum of squared influences <= (sum of V * root of squared deviations / N)^2.
            share = sum(self.dimensions[d] for d in groups[g])
            far = {d: sum(c[i] * (points[i] - pooled([c], points)) ** 2 for i in LEVELS) for d, c in groups[g].items()}
            reach = sum(self.dimensions[d] / share * math.sqrt(x) / groups[g][d]["answered"] for d, x in far.items())
            within = {f"{column} 不超上界 within its bound": variance >= 0 and squares <= reach**2 * (1 + 1e-9)}
            self.compare("groups.csv", f"{slug} {g}", within, dict.fromkeys(within, True))
        smooth, cells = smoothed(strata), [c for g in parts for c in groups[g].values() if c["weight"]]
        interval = wilson(smooth[0], smooth[2], self.z) if smooth else (None, None)
        if name != "points" and len(cells) == 1 and not strata[0][4]:
            interval = wilson(float(value), cells[0]["answered"], self.z)
        factor, digits = (1, 2) if name == "points" else (100, 1)
        ends = [None if end is None else factor * (float(floor) + float(span) * end) for end in interval]
        shown = [texts(value * factor, digits), *(texts(end, digits) for end in ends), str(value)]
        standing = value, math.sqrt(smooth[1]) * float(span) if smooth else 0.0
        return dict(zip(COLUMNS[name][1:], shown, strict=False)), standing

    def check_places(self, standings: dict) -> None:
        """Tiers, rank ranges and the chance to be last, within each class."""
        self.places: dict = {}
        for kind in self.weights:
            members = [slug for slug, s in standings.items() if s and self.units[slug]["class"] == kind]
            found = places([standings[slug] for slug in members], self.confidence)
            self.places |= {slug: (*place, len(members)) for slug, place in zip(members, found, strict=True)}
        for slug, (tier, best, worst, last, _) in self.places.items():
            # Ballots in doubt are not public: that a tier waits for review is the office's word.
            expected: dict = {"tier": {tier or "", "review" if tier else ""}}
            expected |= {"rank_low": str(best or ""), "rank_high": str(worst or "")}
            expected["p_last"] = {"<0.01"} if last is not None and last < 0.01 - 1e-6 else texts(last, 2, 1e-6)
            self.compare("scores.csv", slug, self.scores[slug,], expected)

    def check_rules(self) -> None:
        """Rules of this round, in whole numbers; what earlier rounds said is taken from their rows."""
        last = {i for i, rule in self.rules.items() if rule.get("kind") == "last"}
        expected = {(slug, i) for i in self.rules for slug in (self.places if i in last else self.units)}
        earlier = [row for row in self.tables["rules.csv"] if row["round"] != self.round["code"]]
        for (slug, i), row in self.rows("rules.csv", ("unit", "rule"), expected, self.round["code"]).items():
            before = [other for other in earlier if (other["unit"], other["rule"]) == (slug, i)]
            wanted = self.bottom(slug, self.rules[i]) if i in last else self.shares(slug, self.rules[i], before)
            self.compare("rules.csv", f"{slug} {i}", row, wanted)

    def bottom(self, slug: str, rule: dict) -> dict:
        """The last of a class: only a unit that may be last and lies below the average."""
        kind, size, least = self.units[slug]["class"], self.places[slug][4], rule.get("min_n", self.min_n)
        members = {m: self.scores[m,] for m, p in self.places.items() if (self.units[m]["class"], p[2]) == (kind, size)}
        last = {m for m, row in members.items() if row["tier"] == "below" and int(row["n"]) >= least}
        verdict = "fires" if slug in last else "no" if last else "no_last"
        return {"verdict": "class_small" if size < rule.get("min_units", 8) else verdict}

    def shares(self, slug: str, rule: dict, before: list) -> dict:
        """One count over another against the threshold, exactly."""
        dimension = rule.get("dimension", next(iter(self.dimensions)))
        groups = {g: c for g, c in self.cells[slug].items() if rule.get("group", g) == g and dimension in c}
        columns = (rule[side]["count"] for side in ("left", "over"))
        count, over = (sum(cells[dimension][k] for cells in groups.values() for k in names) for names in columns)
        value, share = Fraction(rule["value"]), Fraction(count, over or 1)
        hit = share >= value if rule["op"] == ">=" else share > value
        verdict = {"fires" if hit else "no"} if over >= rule.get("min_n", self.min_n) else {"insufficient_n"}
        if verdict == {"fires"} and rule.get("years", 1) > 1:
            closed = {row["round"]: row["closes_on"] for row in self.tables["series.csv"] if row["unit"] == slug}
            years = {int(closed.get(name, "0")[:4]) for name in [self.round["code"], *(row["round"] for row in before)]}
            whole = max(years) - min(years) + 1 == len(years) >= rule["years"]
            verdict = {row["verdict"] for row in before} - {"fires"} or {"fires" if whole else "missing_year"}
        ends = wilson(float(share), over, self.z) if over and share <= 1 else (None, None)
        low, high = (texts(end if end is None else 100 * end, 1) for end in ends)
        found: dict = {"count": str(count), "over": str(over), "op": rule["op"], "threshold": str(value)}
        found |= {"share_exact": str(share) if over else "", "share_pct": texts(100 * share if over else None, 1)}
        return found | {"low": low, "high": high, "verdict": verdict if over else "no_valid"}

    def check_sensitivity(self) -> None:
        """Scores by other scales and weights."""
        scales = {"scale_linear": (0, 25, 50, 75, 100), "scale_preset": (0, 30, 60, 80, 100)}
        scales |= {"scale_top3": (0, 0, 1, 1, 1), "scale_top2": (0, 0, 0, 1, 1)}
        for row in self.tables["sensitivity.csv"]:
            slug, name = row["unit"], row["scenario"]
            points = dict(zip(LEVELS, scales.get(name, self.maps["points"].values()), strict=True))
            weights, dimensions = self.weights[self.units[slug]["class"]], self.dimensions
            weights = {g: Fraction(w > 0) if name == "equal_groups" else w for g, w in weights.items()}
            dimensions = {d: Fraction(w > 0) if name == "equal_dimensions" else w for d, w in dimensions.items()}
            if row["status"] == "ok" and not name.startswith("with"):
                value = combined(self.cells[slug], weights, dimensions, points)[0]
                expected = {"score_exact": str(value), "score": texts(value, 2)}
                self.compare("sensitivity.csv", f"{slug} {name}", row, expected)


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
