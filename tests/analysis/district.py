"""A small district with seeded ballots: two classes of rated units, one of a single unit, all kinds of rows."""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .conftest import PRESET, method_data, round_data, weighted, write_folder

NAMES = ("政务服务中心", "公安户政服务大厅", "社会保险服务中心", "税务局办税服务厅", "住房公积金管理部")
NAMES += ("婚姻登记处", "车辆管理服务站", "不动产登记中心", "医疗保障服务中心")
QUALITY = (0.8, 0.6, 0.1, 0.1, 0.0, 0.3, 0.1, -0.9, -0.3)
VOLUME = (220, 140, 180, 210, 90, 45, 120, 240, 210)
GROUPS = {"citizen": 1.0, "enterprise": 0.5, "deputy": 0.0}
PANEL = 20
WEEKS = 12
DIMENSIONS = weighted(attitude="1/2", efficiency="1/2", overall="0")
for _table, _zh in zip(DIMENSIONS, ("服务态度", "办事效率", "总体评价"), strict=True):
    _table["zh"] = _zh


def district_method(**changes: Any) -> dict[str, Any]:
    """Three groups, two scored dimensions, four classes of which one has no unit."""
    groups = [
        {"code": "citizen", "zh": "群众", "weight": "5/10"},
        {"code": "enterprise", "zh": "企业", "weight": "3/10"},
        {"code": "deputy", "zh": "两代表一委员", "weight": "2/10"},
    ]
    classes = [
        {"code": "window", "zh": "窗口服务"},
        {"code": "enforcement", "zh": "行政执法"},
        {"code": "village", "zh": "村社区", "weights": {"citizen": "1"}},
        {"code": "unused", "zh": "党群综合"},
    ]
    channels = [{"code": c, "zh": zh, "counted": c != "open"} for c, zh in (("web", "网上"), ("open", "公开渠道"))]
    base = {"dimension": DIMENSIONS, "group": groups, "class": classes, "channel": channels, "scale": PRESET}
    return method_data(**(base | changes))


def district_units() -> list[dict[str, Any]]:
    """Nine scored windows and one with few ballots, two enforcement units, a village."""
    windows = [{"slug": f"w{i}", "zh": name, "class": "window"} for i, name in enumerate(NAMES)]
    others = [
        {"slug": "w9", "zh": "公共资源交易窗口", "class": "window"},
        {"slug": "e0", "zh": "城市管理执法大队", "class": "enforcement"},
        {"slug": "e1", "zh": "市场监管执法大队", "class": "enforcement", "parent": "e0"},
        {"slug": "v0", "zh": "石桥村", "class": "village"},
    ]
    for unit in [*windows, *others]:
        unit["codes_issued"] = {"citizen": 400, "enterprise": 200, "deputy": PANEL}
        unit["panel"] = {"deputy": PANEL}
    return [*windows, *others]


def district_rows(opens_on: dt.date, seed: int = 1, lift: float = 0.0) -> Iterator[str]:
    """Ballots of all units over twelve weeks; `lift` moves the quality of unit w7 between rounds."""
    rng = random.Random(seed)
    first = opens_on - dt.timedelta(days=opens_on.weekday())
    weeks = [(first + dt.timedelta(weeks=i)).isoformat() for i in range(WEEKS)]
    plan = [(f"w{i}", QUALITY[i] + (lift if i == 7 else 0), VOLUME[i]) for i in range(len(NAMES))]
    plan += [("e0", 0.2, 60), ("e1", -0.1, 50), ("v0", 0.4, 40)]
    for slug, quality, volume in plan:
        for group, share in GROUPS.items():
            for _ in range(int(volume * share) or 14):
                yield _row(rng, weeks, slug, group, quality)
    yield from (_row(rng, weeks, "w9", group, 0.0) for group in ["citizen"] * 7 + ["deputy"] * 12)
    yield from [f"w0,citizen,open,{weeks[4]},5,5,5"] * 25


def _row(rng: random.Random, weeks: list[str], slug: str, group: str, quality: float) -> str:
    mood = rng.gauss(quality, 0.8)
    levels = [str(min(5, max(1, round(4 + mood + rng.gauss(0, 0.6))))) for _ in DIMENSIONS]
    levels = ["0" if rng.random() < 0.06 else level for level in levels]
    return ",".join([slug, group, "web", rng.choice(weeks), *levels])


def make_district(folder: Path, *, seed: int = 1, lift: float = 0.0, **facts: Any) -> Path:
    """Write the district's frozen folder and return it."""
    name = facts.pop("name", "2026年上半年群众评议")
    data = round_data(district_units(), name=name, **facts)
    opens_on = dt.date.fromisoformat(data["opens_on"])
    return write_folder(folder, district_rows(opens_on, seed, lift), district_method(), data)
