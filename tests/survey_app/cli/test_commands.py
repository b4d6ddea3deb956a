"""The operator and the office at the command line: what they type wrong is said once, plainly, and changes nothing."""

import json

import docx
import pytest
from click.testing import CliRunner

from survey_app.cli import main
from survey_app.office import rounds as office
from survey_app.store import audit, ballots
from survey_app.store import rounds as round_store
from tests.factories import METHOD, cast, make_codes, make_round


@pytest.fixture
def pingyi(settings, store, monkeypatch):
    """Run a command on this test's portal."""
    for name in ("var", "pages", "keys"):
        monkeypatch.setenv(f"PINGYI_{name.upper()}", str(getattr(settings, name)))

    def run(*arguments, code=0):
        done = CliRunner().invoke(main, [str(a) for a in arguments])
        assert done.exit_code == code, done.output + repr(done.exception)
        return done.output

    return run


@pytest.fixture
def plan(tmp_path):
    """A sound plan with its method file beside it."""
    (tmp_path / "method.toml").write_text(METHOD, "utf-8")
    file = tmp_path / "plan.toml"
    file.write_text(
        'format = 1\ncode = "2026-h2"\nname = "下半年评议"\nopens_on = 2026-10-09\n'
        'closes_on = 2026-11-30\nmethod = "method.toml"\n',
        "utf-8",
    )
    return file


def test_a_round_is_made_from_a_plan_and_the_published_units(pingyi, plan):
    said = pingyi("round", "create", plan)

    assert "评3个单位" in said
    assert {unit.slug for unit in round_store.get_round("2026-h2").units} == {"tax", "water", "noise"}


def test_the_same_plan_twice_is_refused_and_the_first_round_stands(pingyi, plan):
    pingyi("round", "create", plan)

    assert "已经有代号为2026-h2的一轮" in pingyi("round", "create", plan, code=1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("closes_on = 2026-11-30", "closes_on = 2026-09-30"), "早于"),
        (('name = "下半年评议"\n', ""), "name"),
        (("format = 1", "format = 1\ncolour = 3"), "colour"),
        (("2026-11-30", '"30.11."'), "closes_on"),
        (('"method.toml"', '"nowhere.toml"'), "nowhere.toml"),
        (("format = 1", "format = "), "TOML"),
    ],
)
def test_a_bad_plan_is_refused_by_file_and_field_and_nothing_is_stored(pingyi, plan, change, words):
    plan.write_text(plan.read_text("utf-8").replace(*change), "utf-8")
    said = pingyi("round", "create", plan, code=2)

    assert "plan.toml" in said
    assert words in said
    assert round_store.list_rounds() == []


def test_a_method_whose_weights_do_not_sum_to_one_is_refused_before_a_round_exists(pingyi, plan):
    (plan.parent / "method.toml").write_text(METHOD.replace('"1/2"', '"1/3"'), "utf-8")
    said = pingyi("round", "create", plan, code=2)

    assert "method.toml" in said
    assert round_store.list_rounds() == []


def test_a_plan_that_is_not_there_is_said_so(pingyi, tmp_path):
    assert "没有这个文件" in pingyi("round", "create", tmp_path / "no.toml", code=2)


def test_rounds_and_their_counts_can_be_read_by_a_program(pingyi, settings, clock, keys):
    make_round(settings, "2026-h2", clock=clock)
    cast(keys, clock, make_codes(keys, clock)[0])
    [row] = json.loads(pingyi("round", "list", "--json"))

    assert (row["code"], row["status"], row["ballots"], row["closes_on"]) == ("2026-h2", "open", 1, "2026-11-30")


def test_codes_are_written_once_to_a_file_that_only_its_owner_reads(pingyi, settings, clock, tmp_path):
    make_round(settings, "2026-h2", clock=clock)
    out = tmp_path / "codes.csv"
    pingyi("codes", "issue", "2026-h2", "--group", "citizen", "--count", 12, "--out", out)

    assert len(out.read_text().split()) == 13
    assert out.stat().st_mode & 0o077 == 0
    assert "没有覆盖" in pingyi("codes", "issue", "2026-h2", "--group", "citizen", "--count", 12, "--out", out, code=1)


def test_nine_codes_are_too_few_and_an_unknown_group_is_named(pingyi, settings, clock):
    make_round(settings, "2026-h2", clock=clock)

    assert "一批至少10个" in pingyi("codes", "issue", "2026-h2", "--group", "citizen", "--count", 9, code=2)
    assert "dogs" in pingyi("codes", "issue", "2026-h2", "--group", "dogs", "--count", 10, code=2)
    assert json.loads(pingyi("codes", "ledger", "2026-h2", "--json")) == []


@pytest.mark.slow
def test_a_round_goes_its_whole_way(pingyi, plan, tmp_path, keys, clock):
    pingyi("round", "create", plan)
    pingyi("round", "open", "2026-h2", "--office", tmp_path / "a.key", "--auditor", tmp_path / "b.key")
    for code in make_codes(keys, clock, count=12):
        cast(keys, clock, code)
    pingyi("round", "close", "2026-h2", "--key", tmp_path / "b.key", "--reason", "试")

    assert "已算好" in pingyi("round", "compute", "2026-h2")
    assert ballots.is_unsealed("2026-h2")

    notice = tmp_path / "notice.docx"
    assert "已写好" in pingyi("round", "notice", "2026-h2", "--out", notice)
    assert "一致：数和发布版相同" in pingyi("round", "check-notice", "2026-h2", notice)
    pingyi("round", "notice", "2026-h2", "--brief", "--out", tmp_path / "brief.docx")
    document = docx.Document(str(notice))
    document.add_paragraph("总体满意率达到99.9%。")
    document.save(str(notice))
    assert "99.9%" in pingyi("round", "check-notice", "2026-h2", notice, code=1)
    assert "另存为 .docx" in pingyi("round", "check-notice", "2026-h2", plan, code=2)


def test_publishing_before_computing_is_told_the_next_step(pingyi, settings, clock):
    make_round(settings, "2026-h2", clock=clock)
    round_store.mark_closed("2026-h2", amendments=[], now=clock())

    assert "pingyi round compute 2026-h2" in pingyi("round", "publish", "2026-h2", code=1)


def test_what_no_unit_was_shown_is_published_with_a_reason_alone_which_is_written_down(
    pingyi, settings, clock, monkeypatch
):
    make_round(settings, "2026-h2", clock=clock)
    round_store.mark_closed("2026-h2", amendments=[], now=clock())
    release = settings.rounds / "2026-h2" / "release"
    release.mkdir(parents=True)
    (release / "manifest.json").write_text("{}")
    published = []
    monkeypatch.setattr(office, "publish_round", lambda code, *_how: published.append(code))
    assert "没有送单位核对" in pingyi("round", "publish", "2026-h2", code=1)
    assert published == []
    pingyi("round", "publish", "2026-h2", "--without-objections", "只有一个单位，当面核对过")
    [event] = audit.list_events(audit.Wanted(action="round.unseen"))
    assert (event.subject, event.detail["reason"]) == ("rounds/2026-h2", "只有一个单位，当面核对过")
    assert published == ["2026-h2"]


def test_an_unknown_round_is_an_error_of_the_input(pingyi):
    assert "没有这一轮评议：nothing" in pingyi("round", "compute", "nothing", code=2)


def test_without_keys_nothing_starts_and_the_way_out_is_named(pingyi, settings):
    (settings.keys / "admit.key").unlink()

    assert "pingyi init" in pingyi("serve", code=2)


def test_pages_that_are_wrong_are_listed_and_the_exit_code_says_so(pingyi, settings):
    (settings.pages / "units" / "tax" / "index.md").write_text("---\nkind: unit\ntitle: 税\n---\n", "utf-8")
    rows = json.loads(pingyi("pages", "check", "--json", code=1))

    assert any(row["path"] == "units/tax/index.md" for row in rows)
