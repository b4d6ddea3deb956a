"""The office begins from a ready method, and is asked for the key at the end."""

import tomllib

import pytest
from click.testing import CliRunner

from survey_app.cli import main
from survey_app.cli import rounds as commands
from survey_app.publishing.rounds import write_round_page
from survey_app.store import rounds as round_store
from tests.factories import METHOD, METHOD_WITH_OPEN, cast, make_codes


@pytest.fixture
def pingyi(settings, store, monkeypatch):
    """Run a command on this test's portal."""
    for name in ("var", "pages", "keys"):
        monkeypatch.setenv(f"PINGYI_{name.upper()}", str(getattr(settings, name)))

    def run(*arguments, code=0, typed=None):
        done = CliRunner().invoke(main, [str(a) for a in arguments], input=typed)
        assert done.exit_code == code, done.output + repr(done.exception)
        return done.output

    return run


@pytest.mark.parametrize("name", ["standard", "enterprise", "three"])
def test_a_template_on_the_disk_becomes_a_round_at_the_next_command(pingyi, tmp_path, name):
    pingyi("round", "template", name, "--into", tmp_path / "h2")
    said = pingyi("round", "create", tmp_path / "h2" / "plan.toml")

    assert "评3个单位" in said
    assert [r.code.split("-")[-1] for r in round_store.list_rounds()] == [name]


def test_a_template_on_the_screen_is_the_method_and_nothing_else(pingyi):
    assert len(tomllib.loads(pingyi("round", "template", "three"))["dimension"]) == 3


def test_a_template_nobody_knows_lists_those_there_are(pingyi):
    assert "standard" in pingyi("round", "template", "best", code=2)


def test_a_folder_that_has_a_plan_is_left_as_it_is(pingyi, tmp_path):
    (tmp_path / "plan.toml").write_text("mine")

    assert "plan.toml" in pingyi("round", "template", "three", "--into", tmp_path, code=1)
    assert not (tmp_path / "method.toml").exists()
    assert (tmp_path / "plan.toml").read_text() == "mine"


def test_a_script_that_closes_without_a_key_is_told_so(pingyi, open_round):
    assert "--key" in pingyi("round", "close", "2026-h2", code=2)
    assert round_store.get_round("2026-h2").status == "open"


def test_a_person_who_closes_is_asked_for_the_stick(pingyi, open_round, settings, keys, clock, monkeypatch):
    cast(keys, clock, make_codes(keys, clock)[0])
    monkeypatch.setattr(commands, "sys", type("Terminal", (), {"stdin": type("In", (), {"isatty": lambda: True})}))
    key = settings.keys / "2026-h2.key"
    said = pingyi("round", "close", "2026-h2", "--reason", "试", typed=f"{key}\n")

    assert "请插上存私钥的U盘" in said
    assert round_store.get_round("2026-h2").status == "closed"


def test_the_page_of_an_open_round_says_that_two_lost_keys_are_a_lost_round(settings):
    facts = {
        "title": "群众评议", "code": "2026-h2", "status": "open", "opens_on": "2026-10-09", "closes_on": "2026-11-30",
    }  # fmt: skip
    page = write_round_page(settings.pages, facts, METHOD.encode()).read_text("utf-8")
    assert "两把都丢了，这一轮的票就再也打不开" in page
    assert "没有评议码的人也可以评" not in page

    page = write_round_page(settings.pages, facts, METHOD_WITH_OPEN.encode()).read_text("utf-8")
    assert "没有评议码的人也可以评。这些票单独列出，从不计入得分" in page


def test_opening_says_it_too(pingyi, settings, tmp_path, clock):
    pingyi("round", "template", "three", "--into", tmp_path / "h2")
    pingyi("round", "create", tmp_path / "h2" / "plan.toml")
    code = round_store.list_rounds()[0].code
    said = pingyi("round", "open", code, "--office", tmp_path / "a.key", "--auditor", tmp_path / "b.key")

    assert "等于这一轮作废" in said
