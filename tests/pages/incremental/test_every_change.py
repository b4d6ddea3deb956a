"""Approve to live: for every kind of change the fast path gives the site that a full build gives, byte for byte."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from survey_app.publishing.building.incremental import publish_changes
from tests.pages.incremental.portal import NOISE_PROCEDURE, OLDER_NOTICE, Portal, built_fresh, site_of
from tests.pages.page_trees import (
    BLOCK_PATH,
    COMMITMENT,
    COMMITMENT_PATH,
    ITEM,
    ITEM_PATH,
    NOTICE,
    NOTICE_PATH,
    PROCEDURE,
    PROCEDURE_PATH,
    REPORT_PATH,
    TODAY,
    UNIT,
    UNIT_PATH,
)

CHANGES: dict[str, Callable[[Portal], None]] = {
    "the text of a procedure": lambda p: p.change(PROCEDURE_PATH, scope="买卖、赠与双方"),
    "the title and limit of a procedure": lambda p: p.change(PROCEDURE_PATH, title="房屋过户", promised_limit_days=3),
    "the theme of a procedure": lambda p: p.change(PROCEDURE_PATH, theme="税费"),
    "a new procedure": lambda p: p.write("units/dengji/procedures/diya.md", {**PROCEDURE, "title": "抵押登记"}),
    "a removed procedure": lambda p: p.remove(NOISE_PROCEDURE),
    "a procedure and its commitment removed": lambda p: p.remove(PROCEDURE_PATH, COMMITMENT_PATH),
    "the title of a unit": lambda p: p.change(
        UNIT_PATH, title="不动产登记中心", former_names=[{"name": "登记中心", "until_on": "2026-11-19"}]
    ),
    "the class of a unit": lambda p: p.change(UNIT_PATH, **{"class": "public_service"}),
    "a new unit below another": lambda p: p.write(
        "units/fuyuan/index.md", {**UNIT, "title": "附院", "parent": "dengji"}
    ),
    "a notice added": lambda p: p.write(
        "notices/2026-11-20-xin.md",
        {**NOTICE, "published_on": "2026-11-20", "issued_on": "2026-11-20", "index_no": "000QH001/2026-00009"},
    ),
    "a notice superseding another": lambda p: p.change(NOTICE_PATH, unit="shuiwu", supersedes="2026-10-08-guoqing"),
    "a notice withdrawn": lambda p: p.change(
        OLDER_NOTICE, ("summary", "text"), withdrawn={"on": "2026-11-20", "reason": "内容有误", "by": "办公室"}
    ),
    "the category of a notice": lambda p: p.change(NOTICE_PATH, category="财务收支"),
    "a commitment added": lambda p: p.write(
        "units/shuiwu/commitments/dangchang.md", {**COMMITMENT, "procedure": "fapiao"}
    ),
    "a commitment for no procedure any more": lambda p: p.change(COMMITMENT_PATH, ("procedure",)),
    "a row of the catalogue": lambda p: p.change(ITEM_PATH, last_on="2026-11-20", title="行政许可决定"),
    "a new row of the catalogue": lambda p: p.write("disclosure/items/xuke.md", {**ITEM, "number": 2}),
    "a removed row of the catalogue": lambda p: p.remove(ITEM_PATH),
    "the guide to disclosure": lambda p: p.change(BLOCK_PATH, title="信息公开指南", updated_on="2026-11-20"),
    "the annual report": lambda p: p.change(REPORT_PATH, overview="又一年。"),
    "a picture beside the pages": lambda p: (p.settings.pages / "about/map.png").write_bytes(b"png"),
    "the duty board": lambda p: p.change(
        UNIT_PATH,
        windows=[{"number": "1", "business": "过户", "person": "周静", "state": "away", "back_at": "15:00"}],
        duty_at="2026-11-20 14:00",
    ),
    "a hand-written page": lambda p: p.write(
        "about/scoring.md", {"kind": "page", "title": "得分", "updated_on": "2026-11-01"}
    ),
}


def renamed(portal: Portal) -> None:
    """The unit's folder takes another name; its procedures and commitments go with it."""
    old, new = portal.settings.pages / "units/dengji", portal.settings.pages / "units/budongchan"
    shutil.move(old, new)
    portal.change("units/budongchan/index.md", former_slugs=["dengji"])
    portal.change(NOTICE_PATH, unit="budongchan")
    for path in (ITEM_PATH, BLOCK_PATH, REPORT_PATH):
        portal.change(path, unit="budongchan")


CHANGES["a unit under another folder name"] = renamed


@pytest.mark.parametrize("name", CHANGES)
def test_the_fast_path_gives_the_site_that_a_full_build_gives(name: str, portal: Portal, tmp_path: Path) -> None:
    before = site_of(portal.settings)
    CHANGES[name](portal)
    report = publish_changes(portal.settings, today=TODAY)
    assert (report.kind, report.held) == ("changes", {})
    fast, full = site_of(portal.settings), built_fresh(portal, tmp_path / "full")
    assert sorted(fast) == sorted(full)
    assert [path for path in full if fast[path] != full[path]] == []
    assert fast != before, "the change is seen by the public"


def test_many_changes_one_after_another_give_it_too(portal: Portal, tmp_path: Path) -> None:
    for name in ("a notice superseding another", "a new procedure", "a row of the catalogue", "a hand-written page"):
        CHANGES[name](portal)
        assert publish_changes(portal.settings, today=TODAY).kind == "changes"
    portal.remove("units/dengji/procedures/diya.md", "about/scoring.md")
    portal.change(NOTICE_PATH, ("supersedes",))
    assert publish_changes(portal.settings, today=TODAY).kind == "changes"
    assert site_of(portal.settings) == built_fresh(portal, tmp_path / "full")
