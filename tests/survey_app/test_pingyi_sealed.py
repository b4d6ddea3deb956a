"""The officer's one file alone on a PC: nothing of the portal beside it, and nothing that only Unix has."""

import json
import shutil
import subprocess
import sys

import pytest
from nacl.public import PrivateKey

from survey_app import pingyi_sealed
from survey_app.domain import sealed
from survey_app.pingyi_sealed import PDF, Enclosed, name_of
from tests.sealing import PASSPHRASE, WORDS, a_report

# As on Windows: no fcntl and nothing else of Unix. A try of the passphrase is made cheap here.
AS_ON_WINDOWS = """
import importlib.util, os, sys
for name in ("fcntl", "pwd", "grp", "resource", "survey_app", "click", "flask"):
    sys.modules[name] = None
for name in ("fchmod", "fchown", "getuid", "O_DIRECTORY"):
    delattr(os, name)
spec = importlib.util.spec_from_file_location("alone", sys.argv[1])
alone = sys.modules["alone"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(alone)
alone.OPS, alone.MEMORY = 1, 8 * 2**20
sys.exit(alone.main(sys.argv[2:]))
"""


@pytest.fixture
def pc(tmp_path):
    """Run the file, copied to a folder of its own, in a Python that sees neither the portal nor the environment."""
    shutil.copy(pingyi_sealed.__file__, tmp_path / "pingyi_sealed.py")

    def run(*arguments, code=0):
        command = [sys.executable, "-IB", "-c", AS_ON_WINDOWS, "pingyi_sealed.py", *arguments, "--passphrase-stdin"]
        done = subprocess.run(
            command, cwd=tmp_path, input=f"{PASSPHRASE}\n", capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def test_makes_a_key_and_opens_what_the_server_sealed_to_it(pc, tmp_path):
    said = pc("key", "--key", "a.key", "--copy", "b.key", "--public", "sealed.pub")
    public = bytes.fromhex(json.loads((tmp_path / "a.key").read_text())["public"])
    files = (Enclosed("CON", "image/jpeg", b"\xff\xd8\r\n\n\x1a"), Enclosed("C:\\x\\收据:1.pdf...", PDF, b"%PDF-"))
    (tmp_path / "r.sealed").write_bytes(sealed.seal(public, a_report(files=files)))
    opened = pc("open", "r.sealed", "--key", "b.key", "--out", "read")

    assert pingyi_sealed.spoken(pingyi_sealed.fingerprint(public)) in said
    assert "Write it down" in said
    assert pingyi_sealed.grouped(a_report().code) in opened
    assert WORDS in (tmp_path / "read" / "report.txt").read_text("utf-8-sig")
    assert sorted(f.name for f in (tmp_path / "read").iterdir()) == ["1-附件.jpg", "2-收据-1-pdf.pdf", "report.txt"]
    assert (tmp_path / "read" / "1-附件.jpg").read_bytes() == b"\xff\xd8\r\n\n\x1a"


def test_overwrites_nothing_and_says_so_in_both_languages(pc, tmp_path):
    (tmp_path / "b.key").write_text("mine")
    said = pc("key", "--key", "a.key", "--copy", "b.key", "--public", "sealed.pub", code=1)

    assert "已经存在" in said
    assert "was not overwritten" in said
    assert sorted(f.name for f in tmp_path.iterdir()) == ["b.key", "pingyi_sealed.py"]


def test_without_pynacl_says_what_is_missing(tmp_path):
    blocked = "import runpy, sys; sys.modules['nacl'] = None; runpy.run_path(sys.argv[1], run_name='__main__')"
    command = [sys.executable, "-I", "-c", blocked, pingyi_sealed.__file__]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, "缺少PyNaCl" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


@pytest.mark.parametrize("name", ["CON", "con.txt", "NUL.", "aux", "LPT1.pdf", "COM³", "...", "", ":", "\\", "a\\..\\"])
def test_names_that_windows_keeps_for_itself_become_plain_ones(name):
    assert name_of(name, PDF) == "附件.pdf"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("a:b.pdf", "a-b.pdf"), ("收据. .", "收据.pdf"), ("x.jpg:zone.exe", "x-jpg-zone.pdf"), ('q"<>|?*.', "q.pdf")],
)
def test_signs_that_windows_does_not_take_are_gone(name, kept):
    assert name_of(name, PDF) == kept


def test_words_that_steer_a_screen_are_shown_harmless(tmp_path):
    report = pingyi_sealed.Report("2" * 17, "看\x1b[2J\u202e这里\n👩\u200d🔧", about="甲\n举报编号：假", contact="\x00")
    lines = pingyi_sealed.words_of(report).decode("utf-8-sig").split("\r\n")

    assert lines[:3] == ["举报编号：2222-2222-2222-22222", "反映的单位或人：甲 举报编号：假", "联系方式：\ufffd"]
    assert lines[-3:] == ["看\ufffd[2J\ufffd这里", "👩\u200d🔧", ""]


def test_a_mistyped_second_passphrase_writes_nothing(tmp_path, monkeypatch, capsys):
    typed = iter([PASSPHRASE, PASSPHRASE + "x"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    files = [word for name in ("key", "copy", "public") for word in (f"--{name}", str(tmp_path / name))]

    assert pingyi_sealed.main(["key", *files]) == 2
    assert "两遍口令不一样" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_is_not_called_a_wrong_passphrase(monkeypatch):
    def exhausted(*_asked, **_cost):
        raise RuntimeError

    monkeypatch.setattr(pingyi_sealed.pwhash.argon2id, "kdf", exhausted)
    with pytest.raises(pingyi_sealed.Trouble, match="内存不够"):
        pingyi_sealed.lock(PrivateKey.generate(), PASSPHRASE)
