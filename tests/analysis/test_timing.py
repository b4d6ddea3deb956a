"""Where the time of a release goes: said when asked, silent otherwise, and never part of what is published."""

import io
import re

import pytest

from analysis import terminal
from analysis.stages import stage, watching

from .conftest import Folder, run, vector_method, vector_round, vector_rows

LINE = re.compile(r"^ *(\d+\.\d\d)s +(\d+\.\d\d)s +(\d+)%  (.+)$", re.MULTILINE)


def test_timing_names_every_stage_and_its_share(folder: Folder):
    done = run("compute", folder(vector_rows(), vector_method(), vector_round()), "--timing")

    lines = LINE.findall(done.output)

    assert done.exit_code == 0
    assert [name for *_, name in lines] == ["读票、计数", "计算数字", "工作簿", "通报和简报", "图", "网页", "写文件"]
    assert len(lines) == terminal.STAGES
    assert 95 <= sum(int(share) for _, _, share, _ in lines) <= 105


def test_without_timing_nothing_is_said_of_it(folder: Folder):
    done = run("compute", folder(vector_rows(), vector_method(), vector_round()))

    assert done.exit_code == 0
    assert LINE.findall(done.output) == []


def test_a_stage_gone_through_twice_is_one_line_with_both_times():
    heard = []
    with watching(heard.append) as watch:
        for _ in range(2):
            with stage("数", "count"):
                pass
        with stage("画", "draw"):
            pass

    assert heard == ["数", "数", "画"]
    assert list(watch.spent) == ["数", "画"]
    assert all(wall >= 0 and cpu >= 0 for wall, cpu in watch.spent.values())


def test_unwatched_stages_let_their_work_and_its_errors_through():
    with pytest.raises(KeyError), stage("数", "count"):
        raise KeyError("x")


def test_a_person_at_a_terminal_sees_the_stage(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")

    with terminal.working("正在统计……", "Counting …"), stage("数一数", "counting"):
        pass

    assert "数一数" in screen.getvalue()
