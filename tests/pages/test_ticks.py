"""The ticks under each level stand in a file that a district changes: sound as it ships, refused in words when not."""

import os
from dataclasses import replace

import pytest

from survey_app.config import HOME, Settings
from survey_app.domain.errors import BadInput
from survey_app.domain.everyday import LEVELS, LOW
from survey_app.publishing.ticks import tick_groups

GROUP = '[[group]]\nlevels = {levels}\nzh = "好"\nen = "Good"\ntick = [{{ code = "{code}", zh = "快", en = "Fast" }}]\n'


@pytest.fixture
def home(tmp_path):
    (tmp_path / "site").mkdir()
    return replace(Settings(), home=tmp_path)


def put(home, text, at=[0]):  # noqa: B006 (counts the writes, so that each has a stamp of its own)
    file = home.home / "site" / "ticks.toml"
    file.write_text(text, "utf-8")
    at[0] += 1
    os.utime(file, (at[0], at[0]))


def test_every_level_has_its_own_ticks_and_a_low_one_asks_why():
    groups = tick_groups(replace(Settings(), home=HOME))

    assert sorted(level for group in groups for level in group.levels) == sorted(LEVELS)
    assert all(len(group.ticks) >= 5 for group in groups)
    assert all("为什么" in group.zh for group in groups for level in LOW if level in group.levels)
    assert len({tick.code for group in groups for tick in group.ticks}) == sum(len(group.ticks) for group in groups)


def test_a_change_of_the_file_shows_at_once(home):
    put(home, GROUP.format(levels="[5, 4, 3, 2, 1]", code="fast"))
    assert [tick.code for tick in tick_groups(home)[0].ticks] == ["fast"]
    put(home, GROUP.format(levels="[5, 4, 3, 2, 1]", code="quick"))
    assert [tick.code for tick in tick_groups(home)[0].ticks] == ["quick"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GROUP.format(levels="[5, 4, 3]", code="fast"), "五个等级每个要出现一次"),
        (GROUP.format(levels="[5, 4, 3, 3, 2, 1]", code="fast"), "五个等级每个要出现一次"),
        (GROUP.format(levels="[5, 4, 3]", code="a") + GROUP.format(levels="[2, 1]", code="a"), "不能重复"),
        (GROUP.format(levels="[5, 4, 3, 2, 1]", code="Fast one"), "小写字母"),
        ("group = 3", "读不懂"),
        ("[[group]]\nlevels = [5]", "读不懂"),
        ("no toml", "读不懂"),
        ("", "读不懂"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_is_wrong(home, text, says):
    put(home, text)
    with pytest.raises(BadInput, match=says):
        tick_groups(home)
