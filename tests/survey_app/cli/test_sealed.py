"""The officer's commands on the officer's PC, and the operator's one on the server."""

from datetime import date

import pytest
from click.testing import CliRunner
from nacl.public import PrivateKey

from survey_app import pingyi_sealed
from survey_app.casework import sealing
from survey_app.cli import main
from survey_app.domain import sealed, sealed_key
from survey_app.pingyi_sealed import Enclosed
from survey_app.store import audit
from survey_app.store import sealed as store
from tests.attaching import printed
from tests.sealing import PASSPHRASE, WORDS, a_report, cheap_passphrases, install_key


@pytest.fixture(scope="module", autouse=True)
def cheap():
    with cheap_passphrases():
        yield


@pytest.fixture
def pingyi(monkeypatch, tmp_path):
    """Run a command where there is no portal: the settings lead nowhere."""
    for name in ("var", "pages", "keys"):
        monkeypatch.setenv(f"PINGYI_{name.upper()}", str(tmp_path / "nowhere" / name))

    def run(*arguments, code=0, typed=f"{PASSPHRASE}\n"):
        done = CliRunner().invoke(main, ["sealed", *(str(a) for a in arguments)], input=typed)
        assert done.exit_code == code, done.output + repr(done.exception)
        return done.output

    return run


@pytest.fixture
def server(monkeypatch, settings, store):
    """From here on the settings lead to this test's portal."""
    for name in ("var", "pages", "keys"):
        monkeypatch.setenv(f"PINGYI_{name.upper()}", str(getattr(settings, name)))
    return settings


@pytest.fixture(scope="module")
def pc(tmp_path_factory):
    """A folder of the officer's PC with both copies of the key and its public half."""
    folder = tmp_path_factory.mktemp("pc")
    key = PrivateKey.generate()
    text = pingyi_sealed.key_text(pingyi_sealed.lock(key, PASSPHRASE))
    (folder / "a.key").write_text(text)
    (folder / "sealed.pub").write_text(pingyi_sealed.public_text(bytes(key.public_key)))
    files = (Enclosed("证据.jpg", "image/jpeg", b"\xff\xd8picture"), Enclosed("../../../x.sh", "text/x-sh", b"echo"))
    report = a_report(about="办税服务厅", files=files)
    (folder / "r.sealed").write_bytes(sealed.seal(bytes(key.public_key), report))
    return folder


def make(pingyi, folder, *more, **how):
    return pingyi(
        "key",
        "--key",
        folder / "a.key",
        "--copy",
        folder / "b.key",
        "--public",
        folder / "sealed.pub",
        "--passphrase-stdin",
        *more,
        **how,
    )


class TestMakingAKey:
    def test_writes_two_copies_for_its_owner_alone_and_a_public_half_that_fits_both(self, pingyi, tmp_path):
        said = make(pingyi, tmp_path)
        public = sealed_key.read_public((tmp_path / "sealed.pub").read_text(), file="sealed.pub")
        mark = pingyi_sealed.spoken(pingyi_sealed.fingerprint(public))

        assert mark in said
        assert "再也打不开" in said
        for name in ("a.key", "b.key"):
            locked = pingyi_sealed.read_key((tmp_path / name).read_text(), file=name)
            assert locked.public == public
            assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        assert not (tmp_path / "nowhere").exists()  # no server was needed

    def test_over_a_file_that_is_there_or_twice_into_one_writes_nothing(self, pingyi, tmp_path):
        (tmp_path / "b.key").write_text("mine")
        said = make(pingyi, tmp_path, code=1)
        same = pingyi("key", "--key", tmp_path / "a", "--copy", tmp_path / "a", "--public", tmp_path / "p", code=2)

        assert "已经存在" in said
        assert "存在不同的文件里" in same
        assert sorted(file.name for file in tmp_path.iterdir()) == ["b.key"]
        assert (tmp_path / "b.key").read_text() == "mine"

    @pytest.mark.parametrize(("typed", "says"), [("short\n", "至少12个字"), ("", "没有口令")])
    def test_without_a_good_passphrase_writes_nothing(self, pingyi, tmp_path, typed, says):
        assert says in make(pingyi, tmp_path, code=2, typed=typed)
        assert list(tmp_path.iterdir()) == []

    def test_where_the_second_stick_cannot_be_written_leaves_no_first_copy(self, pingyi, tmp_path):
        (tmp_path / "stick").write_text("a file, no folder")
        files = ("--key", tmp_path / "a.key", "--copy", tmp_path / "stick" / "b.key", "--public", tmp_path / "p")
        pingyi("key", *files, "--passphrase-stdin", code=2)

        assert sorted(file.name for file in tmp_path.iterdir()) == ["stick"]


class TestInstalling:
    def test_opens_the_inbox_and_is_recorded(self, pingyi, server, pc):
        said = pingyi("install", pc / "sealed.pub")
        [event] = audit.list_events(audit.Wanted(action="sealed.install"))

        assert event.subject in said
        assert pingyi_sealed.spoken(pingyi_sealed.fingerprint(sealing.installed(server))) == event.subject
        assert (server.keys / "sealed.pub").stat().st_mode & 0o777 == 0o600

    def test_of_another_key_is_refused_until_it_is_meant(self, pingyi, server, pc):
        install_key(server)
        before = sealing.installed(server)
        sealing.hand_in(a_report(), settings=server, today=date(2026, 11, 3))
        said = pingyi("install", pc / "sealed.pub", code=1)

        assert "还有1份" in said
        assert sealing.installed(server) == before
        pingyi("install", pc / "sealed.pub", "--replace")
        assert sealing.installed(server) != before
        assert len(store.list_waiting()) == 1

    def test_of_a_private_key_or_of_nothing_is_refused(self, pingyi, server, pc, tmp_path):
        (tmp_path / "binary").write_bytes(bytes(range(256)))
        said = [pingyi("install", file, code=2) for file in (pc / "a.key", tmp_path / "binary", tmp_path / "absent")]

        assert ["公钥文件" in one for one in said] == [True, True, False]
        assert sealing.installed(server) is None


class TestOpening:
    def test_writes_words_and_files_without_a_server(self, pingyi, pc, tmp_path):
        out = tmp_path / "out" / "first"
        said = pingyi("open", pc / "r.sealed", "--key", pc / "a.key", "--out", out, "--passphrase-stdin")
        text = (out / "report.txt").read_text("utf-8-sig")

        assert WORDS in text
        assert "办税服务厅" in text
        assert text.splitlines()[0].replace("-", "") == f"举报编号：{a_report().code}"
        assert a_report().code in said.replace("-", "")
        assert sorted(file.name for file in out.iterdir()) == ["1-证据.jpg", "2-x.jpg", "report.txt"]
        assert (out / "1-证据.jpg").read_bytes() == b"\xff\xd8picture"
        assert out.stat().st_mode & 0o777 == 0o700
        assert not (tmp_path / "nowhere").exists()

    def test_into_a_folder_that_is_there_writes_nothing(self, pingyi, pc, tmp_path):
        said = pingyi("open", pc / "r.sealed", "--key", pc / "a.key", "--out", tmp_path, "--passphrase-stdin", code=1)

        assert "已经存在" in said
        assert list(tmp_path.iterdir()) == []

    def test_with_a_wrong_passphrase_key_or_file_says_which_and_writes_nothing(self, pingyi, pc, tmp_path):
        (tmp_path / "no.sealed").write_bytes(printed())
        wanted = ("--out", tmp_path / "out", "--passphrase-stdin")
        wrong = pingyi("open", pc / "r.sealed", "--key", pc / "a.key", *wanted, code=2, typed="not this one at all\n")
        no_key = pingyi("open", pc / "r.sealed", "--key", pc / "sealed.pub", *wanted, code=2)
        no_report = pingyi("open", tmp_path / "no.sealed", "--key", pc / "a.key", *wanted, code=2)
        absent = pingyi("open", tmp_path / "absent", "--key", pc / "a.key", *wanted, code=2)

        assert "口令不对" in wrong
        assert "不是密封举报的私钥文件" in no_key
        assert "不是密封举报" in no_report
        assert "absent" in absent
        assert not (tmp_path / "out").exists()

    def test_where_the_disk_is_full_leaves_no_half_folder(self, pc, tmp_path, monkeypatch):
        def full(*_written):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(pingyi_sealed, "write_new", full)
        with pytest.raises(OSError, match="No space"):
            pingyi_sealed.write_report(a_report(), tmp_path / "out")

        assert list(tmp_path.iterdir()) == []
