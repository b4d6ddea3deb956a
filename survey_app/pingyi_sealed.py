#!/usr/bin/env python3
"""密封举报：做钥匙，打开举报。Sealed reports: make a key, open a report. One file for the officer's own PC, offline.

用法 use:  py pingyi_sealed.py key --help      py pingyi_sealed.py open --help

It needs Python 3.11 or newer and PyNaCl, on Windows or Linux; it imports nothing else of the portal and opens no
connection. The server imports its formats from here, so that they are written once.
"""

import argparse
import getpass
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

try:
    from nacl import pwhash
    from nacl.exceptions import CryptoError
    from nacl.public import PrivateKey, SealedBox
    from nacl.secret import SecretBox
    from nacl.utils import random
except ImportError as missing:
    sys.exit(f"缺少PyNaCl，请先装上（见使用说明）。\nPyNaCl is missing: install it first. ({missing})")

KEY_FORMAT, PUBLIC_HEADER, MAGIC = "pingyi-sealed-key-v1", "pingyi-sealed-public-v1", b"PINGYI-SEALED-1\n"
SHORTEST, KEY_BYTES, FINGERPRINT_BYTES, LONGEST_NAME, _LENGTH_BYTES = 12, 32, 10, 40, 4
_START = len(MAGIC) + FINGERPRINT_BYTES
# libsodium's argon2id, its "moderate" cost: about a second and 256 MB a try, on the officer's PC and on a thief's.
OPS, MEMORY = pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE
WORDS_FILE, PDF = "report.txt", "application/pdf"
_BROKEN = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
_DEVICES = re.compile(r"(con|prn|aux|nul|(com|lpt)[\d¹²³])", re.IGNORECASE)  # names that Windows keeps for itself
_CODE = re.compile(r"[2-9A-HJKMNP-TV-Y]{17}")
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})  # signs that turn the direction
TROUBLES = {
    "passphrase-missing": ("标准输入里没有口令，第一行应当是口令。", "No passphrase on standard input's first line."),
    "passphrase-differs": ("两遍口令不一样，什么也没有写。请再来一次。", "The two differ; nothing written. Try again."),
    "passphrase-short": (
        "口令至少12个字，例如四个不相干的词。忘了口令，密封举报就再也打不开。",
        "A passphrase needs 12 signs, such as four unrelated words. Forget it and no sealed report opens again.",
    ),
    "passphrase-wrong": (
        "口令不对，或私钥文件{file}坏了。请再输一遍，或换另一份私钥文件。举报没有变动。",
        "Wrong passphrase, or the key file {file} is damaged. Try again, or take the other copy. Nothing was changed.",
    ),
    "memory-short": (
        "内存不够，要空出256兆。请关掉别的程序再试。",
        "Not enough memory: 256 MB are needed. Close other programs.",
    ),
    "sealed-key": (
        "{file}不是密封举报的私钥文件，或已经损坏。请换另一份私钥文件再试。",
        "{file} is no private key of sealed reports, or is damaged. Try the other copy.",
    ),
    "sealed-same-file": (
        "两份私钥和公钥要存在不同的文件里，两份私钥最好在两只U盘上，分开放。",
        "The two copies and the public key need different files; keep the copies on two sticks, apart.",
    ),
    "file-taken": (
        "{file}已经存在，没有覆盖。请换一个名字或先移走它。",
        "{file} exists and was not overwritten. Take another name, or move it away first.",
    ),
    "sealed-foreign": (
        "{file}不是密封举报，或没有下载完整。请重新下载再试。",
        "{file} is no sealed report, or not the whole of one. Download it again.",
    ),
    "sealed-other-key": (
        "{file}封给了另一把钥匙（指纹{sealed}），您用的这把是{mine}。请换那一把私钥文件。",
        "{file} is sealed to another key (fingerprint {sealed}); yours is {mine}. Take the key file of that one.",
    ),
    "sealed-broken": (
        "{file}打不开：下载不完整，或被改过。请重新下载再试。",
        "{file} does not open: cut off, or altered. Download it again.",
    ),
    "disk": (
        "{file}：{reason}。请核对路径、权限和磁盘空间，再运行一次。",
        "{file}: check path, rights and free space, then run it again.",
    ),
}


class Trouble(Exception):
    """What cannot be done, why, and what to do, in Chinese with English beneath; `code` is a key of TROUBLES."""

    def __init__(self, code: str, **places: object) -> None:
        self.code = code
        super().__init__("\n".join(TROUBLES[code]).format(**places))


@dataclass(frozen=True)
class LockedKey:
    """The private key as it lies in its file: sealed under the passphrase."""

    public: bytes
    salt: bytes
    locked: bytes


@dataclass(frozen=True)
class Enclosed:
    """A file inside a report."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Report:
    """What a person wrote. `code` names the report: it proves that somebody could read it."""

    code: str
    words: str
    about: str = ""  # whom or where it is about
    contact: str = ""
    files: tuple[Enclosed, ...] = ()


def fingerprint(public: bytes) -> bytes:
    """The first ten bytes of SHA-256("sealed-fingerprint-v1"|public key)."""
    return sha256(b"sealed-fingerprint-v1|" + public).digest()[:FINGERPRINT_BYTES]


def spoken(mark: bytes) -> str:
    """A fingerprint as people compare it: five groups of four signs."""
    text = mark.hex().upper()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def lock(key: PrivateKey, passphrase: str) -> LockedKey:
    """The key under a passphrase: secretbox under argon2id. Raises Trouble passphrase-short."""
    if len(_plain(passphrase)) < SHORTEST:
        raise Trouble("passphrase-short")
    salt = random(pwhash.argon2id.SALTBYTES)
    locked = SecretBox(_stretched(passphrase, salt)).encrypt(bytes(key))
    return LockedKey(bytes(key.public_key), salt, bytes(locked))


def unlock(locked: LockedKey, passphrase: str, *, file: str) -> PrivateKey:
    """The inverse of `lock`. Raises Trouble passphrase-wrong."""
    box = SecretBox(_stretched(passphrase, locked.salt))
    try:
        key = PrivateKey(box.decrypt(locked.locked))
    except (CryptoError, ValueError) as error:
        raise Trouble("passphrase-wrong", file=file) from error
    if bytes(key.public_key) != locked.public:
        raise Trouble("passphrase-wrong", file=file)
    return key


def key_text(locked: LockedKey) -> str:
    """The private key's file."""
    parts = {"format": KEY_FORMAT, "fingerprint": spoken(fingerprint(locked.public))}
    return json.dumps(parts | {name: value.hex() for name, value in vars(locked).items()}, indent=1) + "\n"


def read_key(text: str, *, file: str) -> LockedKey:
    """The inverse of `key_text`. Raises Trouble sealed-key."""
    try:
        found: Mapping[str, Any] = json.loads(text)
        made = LockedKey(*(bytes.fromhex(found[name]) for name in ("public", "salt", "locked")))
        sound = found["format"] == KEY_FORMAT and len(made.public) == KEY_BYTES
    except _BROKEN as error:
        raise Trouble("sealed-key", file=file) from error
    if not sound or len(made.salt) != pwhash.argon2id.SALTBYTES:
        raise Trouble("sealed-key", file=file)
    return made


def public_text(public: bytes) -> str:
    """The public key's file: header, key, fingerprint."""
    return f"{PUBLIC_HEADER}\n{public.hex()}\n{fingerprint(public).hex()}\n"


def packed(report: Report) -> bytes:
    """Length of the head, head as JSON, then the files one after the other: what is padded and sealed."""
    files = [{"name": file.name, "media_type": file.media_type, "size": len(file.content)} for file in report.files]
    head = {"code": report.code, "words": report.words, "about": report.about, "contact": report.contact}
    text = json.dumps(head | {"files": files}, ensure_ascii=False).encode()
    return len(text).to_bytes(_LENGTH_BYTES, "big") + text + b"".join(file.content for file in report.files)


def unpacked(padded: bytes) -> Report:
    """The inverse of `packed` and padding (ISO/IEC 7816-4). Raises one of _BROKEN.

    Threat: a bundle put into the database by hand. What stands in it is shown harmless, or not at all.
    """
    at = _LENGTH_BYTES + int.from_bytes(padded[:_LENGTH_BYTES], "big")
    head, files = json.loads(padded[_LENGTH_BYTES:at]), []
    for file in head["files"]:
        files.append(Enclosed(str(file["name"]), str(file["media_type"]), padded[at : at + file["size"]]))
        at += file["size"]
    if padded[at:].rstrip(b"\0") != b"\x80" or not _CODE.fullmatch(head["code"]):
        raise ValueError(at)
    words, about, contact = (str(head[name]) for name in ("words", "about", "contact"))
    return Report(head["code"], words, about, contact, tuple(files))


def sealed_to(bundle: bytes) -> str:
    """The fingerprint of the key that opens a bundle, for people; of its first bytes alone."""
    return spoken(bundle[len(MAGIC) : _START])


def open_report(key: PrivateKey, bundle: bytes, *, file: str) -> Report:
    """The report in a bundle: magic, fingerprint, sealed box. Raises Trouble sealed-foreign, -other-key, -broken."""
    if not bundle.startswith(MAGIC) or len(bundle) <= _START:
        raise Trouble("sealed-foreign", file=file)
    mine = spoken(fingerprint(bytes(key.public_key)))
    if sealed_to(bundle) != mine:
        raise Trouble("sealed-other-key", file=file, sealed=sealed_to(bundle), mine=mine)
    try:
        return unpacked(SealedBox(key).decrypt(bundle[_START:]))
    except (CryptoError, *_BROKEN) as error:
        raise Trouble("sealed-broken", file=file) from error


def stem_of(sent: str) -> str:
    """Letters and digits of any script of a file's own name, without folder and ending; "附件" where none is left."""
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    kept = "".join(sign if sign.isalnum() else "-" for sign in stem)
    short = re.sub("-+", "-", kept).strip("-")[:LONGEST_NAME]
    return short if short and not _DEVICES.fullmatch(short) else "附件"


def name_of(sent: str, media_type: str) -> str:
    """The name a kept file has: a harmless stem, and the ending of what it really is."""
    return stem_of(sent) + (".pdf" if media_type == PDF else ".jpg")


def names_of(report: Report) -> list[str]:
    """The files' names on the officer's PC, numbered, so that none meets another."""
    return [f"{number}-{name_of(file.name, file.media_type)}" for number, file in enumerate(report.files, 1)]


def words_of(report: Report) -> bytes:
    """What the person wrote, as text for any PC's editor: the code first, the words last."""
    lines = [
        f"举报编号：{grouped(report.code)}",
        f"反映的单位或人：{shown(report.about, ' ') or '没有写'}",
        f"联系方式：{shown(report.contact, ' ') or '没有留'}",
        f"附件：{'、'.join(names_of(report)) or '没有'}",
        "(The four lines above: code of the report, whom or where it is about, contact, files. The words follow.)",
    ]
    return "\r\n".join([*lines, "", shown(report.words, "\r\n"), ""]).encode("utf-8-sig")


def grouped(code: str) -> str:
    """A report's code as it is read aloud: XXXX-XXXX-XXXX-XXXXX."""
    return "-".join((code[:4], code[4:8], code[8:12], code[12:]))


def shown(text: str, line_end: str) -> str:
    """A stranger's text with every sign that steers a screen or turns the direction of a line as \ufffd."""
    return "".join(line_end if s == "\n" else "\ufffd" if _steers(s) else s for s in text)


def write_report(report: Report, out: Path) -> None:
    """The report as a text file with its files beside it, in a new folder that its owner alone can enter.

    Written beside and renamed: there is a whole folder or none. The names inside come from a stranger and are made
    harmless once more. Raises Trouble file-taken, OSError.
    """
    _require_free(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=".") as part:
        made = Path(part) / "made"
        made.mkdir(mode=0o700)
        named = zip(names_of(report), report.files, strict=True)
        for name, content in [(WORDS_FILE, words_of(report)), *((name, file.content) for name, file in named)]:
            write_new(made / name, content)
        made.rename(out)


def write_new(file: Path, content: bytes) -> None:
    """A file that was not there, for its owner alone; gone if it fails. Raises Trouble file-taken, OSError.

    The flags come from Python, which asks for bytes as they are on Windows and never follows what stands there.
    """
    try:
        handle = open(file, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115 - entered below
    except FileExistsError as error:
        raise Trouble("file-taken", file=file.name) from error
    with _gone_if_it_fails(file), handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def make_key(first: Path, second: Path, public: Path, passphrase: str) -> str:
    """Two copies of a new private key, each tried, and its public half; returns the fingerprint. All three or none."""
    made = PrivateKey.generate()
    text = key_text(lock(made, passphrase)).encode("ascii")
    with ExitStack() as stack:
        for file in (first, second):
            write_new(file, text)
            stack.enter_context(_gone_if_it_fails(file))
            unlock_file(file, passphrase)  # a copy that does not open is found now, not when a report lies there
        write_new(public, public_text(bytes(made.public_key)).encode("ascii"))
    return spoken(fingerprint(bytes(made.public_key)))


def unlock_file(file: Path, passphrase: str) -> PrivateKey:
    """The private key in a file. Raises Trouble sealed-key, passphrase-wrong, OSError."""
    return unlock(read_key(file.read_text("ascii", errors="replace"), file=file.name), passphrase, file=file.name)


def key_command(options: argparse.Namespace) -> None:
    """Make a key and say what to do with it."""
    files = (options.key, options.copy, options.public)
    if len({file.resolve() for file in files}) < len(files):
        raise Trouble("sealed-same-file")
    _require_free(*files)
    mark = make_key(*files, _ask(options, twice=True))
    print(f"做好了，两份私钥都试开过。公钥指纹：{mark}，请抄下来。")
    print("两份私钥分开放，都不要交给别人；口令另记。两份都丢了，或忘了口令，已经收到的举报就再也打不开。")
    print(f"把{options.public.name}交给运维：pingyi sealed install {options.public.name}")
    print(f"Made, and both copies tried. Fingerprint of the public key: {mark}. Write it down.")
    print("Keep the copies apart, give them to nobody; the passphrase in a third place. Lost: no report opens again.")
    print(f"Give {options.public.name}, and nothing else, to the operator.")


def open_command(options: argparse.Namespace) -> None:
    """Open a report into a folder and say its code."""
    _require_free(options.out)
    bundle = options.file.read_bytes()
    private = unlock_file(options.key, _ask(options, twice=False))
    report = open_report(private, bundle, file=options.file.name)
    write_report(report, options.out)
    print(f"打开了，在{options.out}，附件{len(report.files)}个。附件打开前请先查毒；PDF是原样保存的。")
    print("存好两份以后，在网站的“密封信箱”里填举报编号，确认收到：")
    print(
        f"Opened into {options.out}, files: {len(report.files)}. Scan files before you open them; a PDF is as it came."
    )
    print("Once it is kept twice, type the code of the report into the sealed inbox of the website:")
    print(grouped(report.code))


def main(arguments: Sequence[str], program: str = "pingyi_sealed.py") -> int:
    """Run `key` or `open`; 0 done, 1 something is in the way, 2 the input is to be corrected."""
    options = _parser(program).parse_args(arguments)
    try:
        options.run(options)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1 if trouble.code == "file-taken" else 2
    except OSError as error:
        print(Trouble("disk", file=error.filename or "", reason=error.strerror or error), file=sys.stderr)
        return 2
    except (KeyboardInterrupt, EOFError):
        print("停下了，没有做成。\nStopped; not done.", file=sys.stderr)
        return 1
    return 0


def _parser(program: str) -> argparse.ArgumentParser:
    about = "密封举报，断网也能用。Sealed reports, without a network."
    parser = argparse.ArgumentParser(program, description=about, allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="key|open")
    key = commands.add_parser("key", help="做一对钥匙 make a key", allow_abbrev=False)
    key.add_argument("--key", type=Path, required=True, help="私钥存到哪个文件（U盘） private key, on a stick")
    key.add_argument("--copy", type=Path, required=True, help="备份存到哪个文件（另一只U盘） its copy, on another")
    key.add_argument(
        "--public", type=Path, required=True, help="公钥存到哪个文件，交给运维 public key, for the operator"
    )
    opening = commands.add_parser("open", help="打开一份举报 open a report", allow_abbrev=False)
    opening.add_argument("file", type=Path, help="下载的 .sealed 文件 the downloaded file")
    opening.add_argument("--key", type=Path, required=True, help="私钥文件，两份中的任一份 either copy of the key")
    opening.add_argument("--out", type=Path, required=True, help="写到哪个新文件夹 a new folder")
    for command, run in ((key, key_command), (opening, open_command)):
        command.add_argument("--passphrase-stdin", action="store_true", help="从标准输入读口令 read it from stdin")
        command.set_defaults(run=run)
    return parser


def _ask(options: argparse.Namespace, *, twice: bool) -> str:
    """The passphrase, unseen on the screen. Raises Trouble passphrase-missing, -differs."""
    if options.passphrase_stdin:
        typed = sys.stdin.readline().rstrip("\r\n")
        if not typed:
            raise Trouble("passphrase-missing")
        return typed
    typed = getpass.getpass("口令（打字时屏幕上不显示） passphrase (not shown): ")
    if twice and getpass.getpass("再输一遍 once more: ") != typed:
        raise Trouble("passphrase-differs")
    return typed


def _require_free(*files: Path) -> None:
    for file in files:
        if file.exists():
            raise Trouble("file-taken", file=file.name)


@contextmanager
def _gone_if_it_fails(file: Path) -> Iterator[None]:
    """Nothing half-written is left to be taken for a key or a report."""
    try:
        yield
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _plain(passphrase: str) -> str:
    return unicodedata.normalize("NFKC", passphrase.strip())  # so that two keyboards agree


def _stretched(passphrase: str, salt: bytes) -> bytes:
    typed = _plain(passphrase).encode()
    try:
        return bytes(pwhash.argon2id.kdf(SecretBox.KEY_SIZE, typed, salt, opslimit=OPS, memlimit=MEMORY))
    except RuntimeError as error:
        raise Trouble("memory-short") from error


def _steers(sign: str) -> bool:
    unseen = unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} and sign not in "\n\t"
    return unseen or unicodedata.bidirectional(sign) in _TURNING


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a console, which has it
    sys.exit(main(sys.argv[1:]))
