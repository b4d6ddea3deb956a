"""Settings: where things stand and how much is allowed. Read once from the environment, then frozen."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from survey_app.files import write_new

HOME = Path(__file__).resolve().parent.parent
REQUIRED, OPTIONAL = "required", "optional"
TRAINING_MARK = "training.json"  # in var/ and keys/ of a training district, and of nothing else
LARGEST_LOT = 10_000
MOST_OBJECTION_DAYS = 60


@dataclass(frozen=True)
class Settings:
    """Each setting has a safe default; its unit, if it has one, is in its name."""

    home: Path = HOME  # PINGYI_HOME: the folder that holds site/ and mkdocs.yml
    var: Path = HOME / "var"  # PINGYI_VAR: database, pages, rounds, built site; all that is generated
    pages: Path = HOME / "var" / "pages"  # PINGYI_PAGES: what the public site is built from
    keys: Path = HOME / "keys"  # PINGYI_KEYS: secrets, beside var/ and outside every backup of it
    holidays: Path = HOME / "var" / "holidays.csv"  # PINGYI_HOLIDAYS: days of 调休 the installed calendar lacks
    memory: Path = Path("/dev/shm")  # noqa: S108  # PINGYI_MEMORY: a file system in memory, for numbers that die daily
    prefix: str = ""  # PINGYI_PREFIX: address under which the portal is mounted, such as "/pingyi"
    body_limit_kib: int = 64  # larger requests get 413 before they are parsed
    https: bool = False  # PINGYI_HTTPS=1: people come over https, also where a proxy ends it; cookies then stay on it
    proxies: int = 0  # PINGYI_PROXIES: how many proxies of ours stand before the app; their word on addresses is taken
    timezone: str = "Asia/Shanghai"  # PINGYI_TIMEZONE: whose midnight ends a day
    second_factor: str = REQUIRED  # PINGYI_SECOND_FACTOR: required | optional, for those who approve or administer
    second_approval: bool = False  # PINGYI_SECOND_APPROVAL=1: every change needs a second approver (三审三校)
    desk_limit_kib: int = 4096  # a long form of the desk may weigh more than a ballot
    file_limit_mib: int = 20  # largest sample, form or attachment a desk may hand in
    unit_files_mib: int = 200  # what a unit may hand in within a year with replies to orders and objections
    paper_lot: int = 20  # PINGYI_PAPER_LOT: paper cards that go into the ballot box together, never fewer than min_n
    objection_days: int = 5  # PINGYI_OBJECTION_DAYS: working days in which a unit may object to its draft result
    idle_minutes: int = 30  # a sign-in nobody uses ends
    signed_in_hours: int = 12  # and every sign-in ends
    form_hours: int = 24  # a form of the public side drawn earlier has to be sent once more
    form_seconds: int = 3  # and one without a voting code, sent sooner, too
    network_ratings: int = 60  # PINGYI_NETWORK_RATINGS: ratings an hour from one network; those above it are marked
    site_ratings: int = 3000  # PINGYI_SITE_RATINGS: the same for the whole site
    code_cookie_minutes: int = 10  # how long a code typed or scanned waits in the browser for its form
    receipt_cookie_minutes: int = 10  # how long the receipt page can be reloaded
    sitting_cookie_minutes: int = 30  # how long somebody who rates several units may pause between two of them

    @property
    def database(self) -> Path:
        """The embedded SQLite file."""
        return self.var / "pingyi.sqlite3"

    @property
    def training(self) -> bool:
        """Whether this portal was made for training: it says so on all its pages and papers."""
        return (self.var / TRAINING_MARK).is_file()

    @property
    def rounds(self) -> Path:
        """One folder per round: snapshot/, release/."""
        return self.var / "rounds"

    @property
    def live_site(self) -> Path:
        """A link to the current release of the built site; resolve it for every request."""
        return self.var / "site"

    @property
    def releases(self) -> Path:
        """Built sites; `live_site` points at one of them."""
        return self.var / "releases"


class SettingWrong(ValueError):
    """A PINGYI_* variable holds a value nobody can use."""


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the PINGYI_* variables; what is absent takes its default. Raises SettingWrong."""
    home = Path(environ.get("PINGYI_HOME") or HOME).resolve()
    var = Path(environ.get("PINGYI_VAR") or home / "var").resolve()
    pages = Path(environ.get("PINGYI_PAGES") or var / "pages").resolve()
    keys = Path(environ.get("PINGYI_KEYS") or var.parent / "keys").resolve()
    holidays = Path(environ.get("PINGYI_HOLIDAYS") or var / "holidays.csv").resolve()
    prefix = "/" + environ.get("PINGYI_PREFIX", "").strip("/")
    timezone = environ.get("PINGYI_TIMEZONE") or Settings.timezone
    if timezone not in available_timezones():
        raise SettingWrong(f"PINGYI_TIMEZONE={timezone}")
    paper_lot = _whole_number(environ, "PINGYI_PAPER_LOT", Settings.paper_lot)
    if not 0 < paper_lot <= LARGEST_LOT:
        raise SettingWrong(f"PINGYI_PAPER_LOT={paper_lot} (1-{LARGEST_LOT})")
    objection_days = _whole_number(environ, "PINGYI_OBJECTION_DAYS", Settings.objection_days)
    if not 0 < objection_days <= MOST_OBJECTION_DAYS:
        raise SettingWrong(f"PINGYI_OBJECTION_DAYS={objection_days} (1-{MOST_OBJECTION_DAYS})")
    second_factor = environ.get("PINGYI_SECOND_FACTOR") or REQUIRED
    if second_factor not in (REQUIRED, OPTIONAL):
        raise SettingWrong(f"PINGYI_SECOND_FACTOR={second_factor} (required | optional)")
    return Settings(
        home=home,
        var=var,
        pages=pages,
        keys=keys,
        holidays=holidays,
        prefix=prefix.rstrip("/"),
        second_approval=environ.get("PINGYI_SECOND_APPROVAL", "") not in ("", "0"),
        https=environ.get("PINGYI_HTTPS", "") not in ("", "0"),
        proxies=_whole_number(environ, "PINGYI_PROXIES", Settings.proxies),
        memory=Path(environ.get("PINGYI_MEMORY") or Settings.memory),
        network_ratings=_whole_number(environ, "PINGYI_NETWORK_RATINGS", Settings.network_ratings),
        site_ratings=_whole_number(environ, "PINGYI_SITE_RATINGS", Settings.site_ratings),
        paper_lot=paper_lot,
        objection_days=objection_days,
        timezone=timezone,
        second_factor=second_factor,
    )


def _whole_number(environ: Mapping[str, str], name: str, otherwise: int) -> int:
    given = environ.get(name) or str(otherwise)
    if not (given.isascii() and given.isdigit()):
        raise SettingWrong(f"{name}={given}")
    return int(given)


@dataclass(frozen=True)
class Keys:
    """The server's own secrets; each is 32 random bytes in a file of its own."""

    admit: bytes  # admits codes: without it nobody can test a guessed code against a stolen database
    receipt: bytes  # derives receipts from forms
    session: bytes  # signs the sessions of people with accounts
    factor: bytes  # hides the secrets of second factors in the database
    everyday: bytes  # seals everyday ratings
    case: bytes  # seals what people wrote in cases, their contacts and their files


class KeysMissing(RuntimeError):
    """The app refuses to start without its secrets."""


KEY_FILES = ("admit.key", "receipt.key", "session.key", "factor.key", "everyday.key", "case.key")
LATER_KEY_FILES = KEY_FILES[2:]  # an older portal, without accounts or cases, has none: nothing hangs on them yet
KEY_BYTES = 32


def load_keys(folder: Path) -> Keys:
    """Read the secrets. Raises KeysMissing: a secret has no default."""
    try:
        admit, receipt, session, factor, everyday, case = (_read_key(folder / name) for name in KEY_FILES)
    except (OSError, ValueError) as error:
        raise KeysMissing(f"{folder}: {error}") from error
    return Keys(admit=admit, receipt=receipt, session=session, factor=factor, everyday=everyday, case=case)


def _read_key(file: Path) -> bytes:
    key = bytes.fromhex(file.read_text("ascii").strip())
    if len(key) != KEY_BYTES:
        raise ValueError(f"{file.name}: {len(key)} bytes, {KEY_BYTES} wanted")
    return key


def make_keys(folder: Path) -> None:
    """Create the secrets that are absent; never overwrite one, for codes and receipts hang on it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make(folder, KEY_FILES)


def make_later_keys(folder: Path) -> None:
    """Create the secrets that came after the first version where an older portal, which has the others, lacks them."""
    if folder.is_dir():
        _make(folder, LATER_KEY_FILES)


def _make(folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        if not (folder / name).exists():
            write_new(folder / name, f"{secrets.token_hex(KEY_BYTES)}\n".encode())
