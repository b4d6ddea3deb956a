"""The issuer at the command line, here and on a computer that has nothing but the issuer's file."""

import json
import stat

import pytest
from click.testing import CliRunner

from survey_app.cli import main
from survey_app.domain import codes as code_words
from survey_app.store import batches
from survey_app.store.codes import require_admission
from tests.factories import make_codes, make_round


@pytest.fixture
def run(settings, store, clock, monkeypatch):
    """Run a command on this test's portal, in which a round is open far beyond any test."""
    for name in ("var", "pages", "keys"):
        monkeypatch.setenv(f"PINGYI_{name.upper()}", str(getattr(settings, name)))
    make_round(settings, "2026-h2", clock=clock, opens_on="2020-01-01", closes_on="2099-12-31")

    def command(*arguments, code=0):
        done = CliRunner().invoke(main, [str(a) for a in arguments])
        assert done.exit_code == code, done.output + repr(done.exception)
        return done.output

    return command


@pytest.fixture
def kit(run, tmp_path):
    run("codes", "key", "2026-h2", "--out", tmp_path / "usb" / "h2.json", "--address", "https://pingyi.example")
    return tmp_path / "usb" / "h2.json"


def elsewhere(monkeypatch, tmp_path):
    """A computer without database, keys or pages."""
    for name in ("HOME", "VAR", "PAGES", "KEYS"):
        monkeypatch.setenv(f"PINGYI_{name}", str(tmp_path / "nothing" / name))


def test_codes_made_elsewhere_work_once_their_tags_are_imported(run, kit, settings, keys, tmp_path, monkeypatch):
    assert stat.S_IMODE(kit.stat().st_mode) == 0o600
    with monkeypatch.context() as away:
        elsewhere(away, tmp_path)
        order = ("--group", "citizen", "--unit", "tax", "--channel", "window", "--count", 12, "--messages")
        said = run("codes", "make", kit, *order, "--into", tmp_path / "cards")
        assert "codes import" in said
        assert not (tmp_path / "nothing").exists()
    files = {file.name.split("-", 3)[3]: file for file in (tmp_path / "cards").iterdir()}
    assert set(files) == {"cards.pdf", "messages.csv", "tags.json"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files.values()} == {0o600}
    spoken = [line.split("评议码 ")[1][:11] for line in files["messages.csv"].read_text("utf-8-sig").splitlines()[1:]]
    assert len(set(spoken)) == 12
    assert "https://pingyi.example/r" in files["messages.csv"].read_text("utf-8-sig")

    assert "12个评议码可以用了" in run("codes", "import", files["tags.json"])
    admitted = require_admission(round_code="2026-h2", code=code_words.parse_code(spoken[0]), keys=keys)
    assert (admitted.group, admitted.unit_slug, admitted.channel) == ("citizen", "tax", "window")
    assert "已经在台账里" in run("codes", "import", files["tags.json"], code=1)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("--group", "citizen", "--count", 9), "至少10个"),
        (("--group", "nobody", "--count", 10), "citizen、enterprise"),
        (("--group", "citizen", "--count", 10, "--channel", "open"), "渠道“open”"),
        (("--group", "citizen", "--count", 10, "--channel", "paper", "--messages"), "不能用短信发"),
    ],
)
def test_a_wrong_order_elsewhere_leaves_no_folder(run, kit, tmp_path, order, words):
    assert words in run("codes", "make", kit, *order, "--into", tmp_path / "cards", code=2)
    assert [p.name for p in tmp_path.iterdir() if "cards" in p.name] == []


def test_files_that_are_no_kits_or_tags_or_stand_in_the_way_are_named(run, kit, tmp_path):
    (tmp_path / "noise.json").write_bytes(b"\xff\xfe{")
    order = ("--group", "citizen", "--count", 10, "--into", tmp_path / "cards")
    assert "noise.json不是发码文件" in run("codes", "make", tmp_path / "noise.json", *order, code=2)
    assert "noise.json不是评议码标签文件" in run("codes", "import", tmp_path / "noise.json", code=2)
    assert "missing.json" in run("codes", "import", tmp_path / "missing.json", code=2)
    run("codes", "make", kit, *order)
    assert "没有覆盖" in run("codes", "make", kit, *order, code=1)
    assert "已经存在" in run("codes", "key", "2026-h2", "--out", kit, code=1)
    assert "没有这一轮" in run("codes", "key", "2031-h1", "--out", tmp_path / "k.json", code=2)
    assert not (tmp_path / "k.json").exists()


def test_a_batch_becomes_cards_on_the_server_and_is_replaced_in_one_step(run, tmp_path):
    said = run("codes", "issue", "2026-h2", "--group", "citizen", "--count", 16, "--cards", tmp_path / "a.pdf")
    [first] = batches.ledger("2026-h2")
    assert f"第{first.label}批，16个" in said
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    order = ("codes", "issue", "2026-h2", "--group", "citizen", "--count", 16, "--messages", tmp_path / "b.csv")
    assert "请写明为什么作废或剔出" in run(*order, "--replaces", first.label, code=2)
    assert not (tmp_path / "b.csv").exists()
    run(*order, "--replaces", first.label.lower(), "--reason", "印错")
    rows = json.loads(run("codes", "ledger", "2026-h2", "--json"))
    assert [(row["issued"], row["void"], row["unused"]) for row in rows] == [(16, 16, 0), (16, 0, 16)]


def test_only_one_file_holds_the_codes(run, tmp_path):
    both = ("--cards", tmp_path / "a.pdf", "--out", tmp_path / "a.csv")
    said = run("codes", "issue", "2026-h2", "--group", "citizen", "--count", 10, *both, code=2)
    assert "只写一个" in said
    assert batches.ledger("2026-h2") == []


def test_voiding_says_how_many_codes_it_stops(run, keys, clock):
    make_codes(keys, clock, count=14)
    [row] = batches.ledger("2026-h2")
    assert "请写明为什么作废或剔出" in run("codes", "void", "2026-h2", row.label, code=2)
    assert "14个不能再用" in run("codes", "void", "2026-h2", row.label.lower(), "--reason", "外泄")
    assert "已经作废过了" in run("codes", "void", "2026-h2", row.label, "--reason", "外泄", code=1)
    assert "作废14个，剩0个" in run("codes", "ledger", "2026-h2")
