"""The two copies of a round's private key as files, for the command line; each is read back and tried."""

from pathlib import Path

from nacl.public import PrivateKey

from survey_app.domain import ballot_box
from survey_app.domain.errors import N_, FileTaken, Refusal
from survey_app.files import write_atomically


class SameKeyFile(Refusal):
    code, status = "same-key-file", 422
    message = N_("两份私钥要存在两个不同的文件里，最好在两只U盘上，分给主办单位和监督方。")


def write_new_key(code: str, office_copy: Path, auditor_copy: Path) -> bytes:
    """Make the round's key and write both copies; returns the public key. Raises SameKeyFile, FileTaken, WrongKey."""
    if office_copy.resolve() == auditor_copy.resolve():
        raise SameKeyFile
    for copy in (office_copy, auditor_copy):
        if copy.exists():
            raise FileTaken(file=copy.name)
    key = ballot_box.new_round_key()
    _write_all((office_copy, auditor_copy), code, key)
    return bytes(key.public_key)


def _write_all(copies: tuple[Path, ...], code: str, key: PrivateKey) -> None:
    """Both copies, each read back and tried; where one cannot be written none is left to be taken for a key."""
    try:
        for copy in copies:
            copy.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(copy, ballot_box.key_text(code, key).encode("ascii"), mode=0o600)
            _prove_key(copy, code, bytes(key.public_key))
    except BaseException:
        for copy in copies:
            copy.unlink(missing_ok=True)
        raise


def _prove_key(path: Path, round_code: str, public_key: bytes) -> None:
    """Read the copy back and try it."""
    ballot_box.try_key(ballot_box.read_key(path, round_code=round_code, public_key=public_key), file=path.name)
