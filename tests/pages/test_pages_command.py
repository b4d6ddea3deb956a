"""`pingyi pages`: what is found is said with its rule; errors stop, warnings do not unless asked."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey_app.cli import main
from tests.pages.page_trees import COMMITMENT_PATH, ITEM_PATH, PROCEDURE_PATH, Tree

Put = Callable[[Tree], Path]


@pytest.fixture
def sound(tree: Tree) -> Tree:
    """The small tree without anything that falls due, whatever the day on which the tests run."""
    tree[ITEM_PATH]["cadence"] = "长期公开"
    tree[PROCEDURE_PATH]["review_by"] = tree[COMMITMENT_PATH]["valid_to"] = "2999-12-31"
    return tree


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def test_sound_pages_pass(put: Put, sound: Tree) -> None:
    assert run("pages", "check", put(sound), "--strict") == (0, "没有要改的。\n")


def test_an_error_is_told_with_its_rule_and_the_command_fails(put: Put, sound: Tree) -> None:
    sound[PROCEDURE_PATH]["promised_limit_days"] = 35
    code, said = run("pages", "check", put(sound))
    assert code == 1
    assert f"错误　{PROCEDURE_PATH}　承诺办结时限（工作日）　承诺35个工作日比法定30个工作日长，请改短。" in said
    assert "（限时办结制：承诺时限不得长于法定时限。）" in said
    assert said.endswith("共1处错误、0处提醒。\n")


def test_a_warning_is_told_and_only_the_strict_fail(put: Put, sound: Tree) -> None:
    sound[PROCEDURE_PATH]["fee"] = {"amount": "80元"}
    pages = put(sound)
    code, said = run("pages", "check", pages)
    assert code == 0
    assert said.startswith(f"提醒　{PROCEDURE_PATH}　收费，收费依据　")
    assert said.endswith("共0处错误、1处提醒。\n")
    assert run("pages", "check", pages, "--strict")[0] == 1


def test_a_program_reads_path_field_place_level_message_and_rule(put: Put, sound: Tree) -> None:
    sound[PROCEDURE_PATH]["materials"][0]["note"] = "其他有关材料"
    code, said = run("pages", "check", put(sound), "--json")
    [row] = json.loads(said)
    assert code == 1
    assert row == {
        "path": PROCEDURE_PATH,
        "field": "要带什么，第1项，说明",
        "at": ["materials", 0, "note"],
        "level": "error",
        "message": "“其他有关材料”不能用。请写明是哪一种，或删去。",
        "why": "办事指南不得有兜底条款：写不清的要求，等于随时可以加要求。",
    }


def test_nothing_found_is_an_empty_list_for_a_program(put: Put, sound: Tree) -> None:
    assert run("pages", "check", put(sound), "--json") == (0, "[]\n")


def test_rendering_goes_on_in_spite_of_warnings_and_stops_at_errors(put: Put, sound: Tree) -> None:
    sound[PROCEDURE_PATH]["fee"] = {"amount": "80元"}
    pages = put(sound)
    assert run("pages", "render", pages)[0] == 0
    assert run("pages", "check", pages, "--rendered")[0] == 0
    (pages / PROCEDURE_PATH).write_text((pages / PROCEDURE_PATH).read_text().replace("<b>5个", "<b>6个"))
    code, said = run("pages", "check", pages, "--rendered")
    assert code == 1
    assert "正文与数据不一致" in said
    sound[PROCEDURE_PATH]["promised_limit_days"] = 35
    code, said = run("pages", "render", put(sound))
    assert code == 2
    assert "有1处要改" in said
