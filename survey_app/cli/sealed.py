"""Commands of the sealed inbox. `key` and `open` are for the officer's own PC: no server, no database, no network."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from nacl.public import PrivateKey

from survey_app.casework import sealing
from survey_app.cli.files import new_secret_file
from survey_app.cli.language import _
from survey_app.cli.run import SaysWhy, load_with_database, now_at, operator
from survey_app.domain import receipts, sealed_key
from survey_app.domain.attached import name_of
from survey_app.domain.errors import N_, FileTaken, Refusal, fill
from survey_app.domain.sealed import Report, open_report

WORDS_FILE = "report.txt"


class PassphraseMissing(Refusal):
    code, status = "passphrase-missing", 422
    message = N_("标准输入里没有口令。用法：… --passphrase-stdin < 文件，文件第一行是口令。")


class SameKeyFile(Refusal):
    code, status = "sealed-same-file", 422
    message = N_("两份私钥要存在两个不同的文件里，最好在两只U盘上，分开放。")


@click.group(name="sealed", cls=SaysWhy, help=_("密封举报：做钥匙、装公钥、打开举报。"))
def sealed_group() -> None: ...


_stdin = click.option("--passphrase-stdin", is_flag=True, help=_("从标准输入读口令；不写就在屏幕上问。"))


@sealed_group.command(
    help=_(
        "纪检人员在自己的电脑上做一对钥匙：私钥两份，上口令；公钥一份，交给运维。"
        "例：pingyi sealed key --key a.key --copy b.key --public sealed.pub"
    )
)
@click.option("--key", "first", type=click.Path(path_type=Path), required=True, help=_("私钥存到哪个文件（U盘）。"))
@click.option(
    "--copy", "second", type=click.Path(path_type=Path), required=True, help=_("备份存到哪个文件（另一只U盘）。")
)
@click.option("--public", type=click.Path(path_type=Path), required=True, help=_("公钥存到哪个文件，交给运维。"))
@_stdin
def key(first: Path, second: Path, public: Path, passphrase_stdin: bool) -> None:
    _require_free(first, second, public)
    made, passphrase = PrivateKey.generate(), _passphrase(passphrase_stdin, confirm=True)
    text = sealed_key.key_text(sealed_key.lock(made, passphrase))
    with _all_or_none(first, second, public):
        for copy in (first, second):
            _write(copy, text)
            _unlock(copy, passphrase)  # a copy that does not open is found now, not when a report lies there
        _write(public, sealed_key.public_text(bytes(made.public_key)))
    mark = sealed_key.spoken(sealed_key.fingerprint(bytes(made.public_key)))
    click.echo(fill(_("做好了，两份私钥都试开过。公钥指纹：%(mark)s，请抄下来。"), {"mark": mark}))
    click.echo(_("两份私钥分开放，都不要交给别人；口令另记。两份都丢了，或忘了口令，已经收到的举报就再也打不开。"))
    click.echo(fill(_("把%(file)s交给运维：pingyi sealed install %(file)s"), {"file": public.name}))


@sealed_group.command(help=_("在服务器上装公钥，从此网站收密封举报。例：pingyi sealed install sealed.pub"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help=_("换掉已经装了的公钥。"))
def install(file: Path, replace: bool) -> None:
    settings = load_with_database()
    mark = sealing.install(file, settings, replace=replace, actor=operator(), now=now_at(settings))
    click.echo(fill(_("装好了，指纹：%(mark)s。请纪检人员打开网站的“密封举报”页核对。"), {"mark": mark}))


@sealed_group.command(
    name="open",
    help=_("在纪检人员的电脑上打开一份密封举报，不用网络。例：pingyi sealed open 3f2a.sealed --key a.key --out 举报"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", "key_file", type=click.Path(path_type=Path), required=True, help=_("私钥文件，两份中的任一份。"))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=_("写到哪个新文件夹。"))
@_stdin
def open_(file: Path, key_file: Path, out: Path, passphrase_stdin: bool) -> None:
    bundle = file.read_bytes()
    private = _unlock(key_file, _passphrase(passphrase_stdin))
    report = open_report(private, bundle, file=file.name)
    write_report(report, out)
    click.echo(fill(_("打开了，在%(folder)s，附件%(count)s个。"), {"folder": out, "count": len(report.files)}))
    if report.files:
        click.echo(_("附件打开前请先查毒；PDF是原样保存的。"))
    click.echo(_("存好两份以后，在网站的“密封信箱”里填举报编号，确认收到："))
    click.echo(receipts.spoken(report.code))


def write_report(report: Report, out: Path) -> None:
    """The report as a text file with its files beside it, in a new folder that its owner alone can enter.

    Written beside and renamed: there is a whole folder or none. The names inside come from a stranger and are made
    harmless once more. Raises FileTaken.
    """
    if out.exists():
        raise FileTaken(file=out.name)
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=".") as part:
        made = Path(part) / "made"
        made.mkdir(mode=0o700)
        named = list(zip(names_of(report), report.files, strict=True))
        for name, content in [(WORDS_FILE, words_of(report)), *((name, file.content) for name, file in named)]:
            with new_secret_file(made / name) as handle:
                handle.write(content)
        made.rename(out)


def names_of(report: Report) -> list[str]:
    """The files' names on the officer's PC, numbered, so that none meets another."""
    return [f"{number}-{name_of(file.name, file.media_type)}" for number, file in enumerate(report.files, 1)]


def words_of(report: Report) -> bytes:
    """What the person wrote, as text for any PC's editor: the code first, the words last."""
    lines = [
        _("举报编号：") + receipts.spoken(report.code),
        _("反映的单位或人：") + (report.about or _("没有写")),
        _("联系方式：") + (report.contact or _("没有留")),
        _("附件：") + ("、".join(names_of(report)) or _("没有")),
    ]
    return "\r\n".join([*lines, "", *report.words.split("\n"), ""]).encode("utf-8-sig")


def _passphrase(from_stdin: bool, *, confirm: bool = False) -> str:
    if not from_stdin:
        return str(click.prompt(_("口令"), hide_input=True, confirmation_prompt=_("再输一遍") if confirm else False))
    typed = sys.stdin.readline().rstrip("\r\n")
    if not typed:
        raise PassphraseMissing
    return typed


def _unlock(file: Path, passphrase: str) -> PrivateKey:
    try:
        locked = sealed_key.read_key(file.read_text("ascii"), file=file.name)
    except UnicodeDecodeError as error:
        raise sealed_key.KeyFileWrong(file=file.name) from error
    return sealed_key.unlock(locked, passphrase, file=file.name)


def _require_free(*files: Path) -> None:
    """Raises SameKeyFile, FileTaken."""
    if len({file.resolve() for file in files}) < len(files):
        raise SameKeyFile
    for file in files:
        if file.exists():
            raise FileTaken(file=file.name)


@contextmanager
def _all_or_none(*files: Path) -> Iterator[None]:
    """Where one cannot be written, none is left to be taken for a key."""
    try:
        yield
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
        raise


def _write(file: Path, text: str) -> None:
    with new_secret_file(file) as handle:
        handle.write(text.encode("ascii"))
