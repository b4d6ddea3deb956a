"""The mark of a training district: what bears it may be filled with simulated life, and deleted; nothing else may."""

import json
import shutil
from datetime import UTC, datetime

from survey_app.config import TRAINING_MARK, Settings
from survey_app.domain.errors import N_, Refusal
from survey_app.files import write_atomically
from survey_app.store import accounts, rounds
from survey_app.store.database import close_database, database

MARK = TRAINING_MARK


class RealData(Refusal):
    code, status = "real-data", 409
    message = N_(
        "%(place)s里有不是演练做出来的数据，没有动。请用另一个文件夹演练：PINGYI_VAR=… PINGYI_KEYS=… pingyi demo。"
    )


class KeysOfAnother(Refusal):
    code, status = "keys-of-another", 409
    message = N_("%(place)s里是别的门户的密钥，没有动。请给演练另设一个密钥文件夹：PINGYI_KEYS=…。")


class NotTraining(Refusal):
    code, status = "not-training", 409
    message = N_("%(place)s不是演练用的文件夹，什么也没有删。只有 pingyi demo 做出来的才能重置。")


def claim_keys(settings: Settings) -> None:
    """Mark the folder of keys before any key is made in it: reset deletes it, and never one that served a real portal.

    Pages that lie elsewhere are somebody's, too. Raises KeysOfAnother, RealData.
    """
    if not settings.pages.is_relative_to(settings.var):
        raise RealData(place=settings.pages)
    if (settings.keys / MARK).is_file():
        return
    if settings.keys.exists() and any(settings.keys.iterdir()):
        raise KeysOfAnother(place=settings.keys)
    settings.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(settings.keys / MARK, _told())


def claim(settings: Settings) -> None:
    """Mark a portal that holds nothing yet; the database is open. Raises RealData for one that holds anything else."""
    if is_training(settings):
        return
    if rounds.list_rounds() or accounts.names():
        raise RealData(place=settings.var)
    write_atomically(settings.var / MARK, _told())


def is_training(settings: Settings) -> bool:
    """Whether this portal was made for training."""
    return settings.training


def require_training(settings: Settings) -> None:
    """Both its data and its keys bear the mark, or the keys are gone. Raises NotTraining, KeysOfAnother."""
    if not is_training(settings):
        raise NotTraining(place=settings.var)
    if settings.keys.exists() and not (settings.keys / MARK).is_file():
        raise KeysOfAnother(place=settings.keys)


def reset(settings: Settings) -> None:
    """Delete a training portal with its keys, its mark last: a kill in between leaves what can be reset again.

    Raises NotTraining, KeysOfAnother.
    """
    require_training(settings)
    if not database.is_closed():
        close_database()
    shutil.rmtree(settings.keys, ignore_errors=True)
    for place in settings.var.iterdir():
        if place.name != MARK:
            shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink()
    (settings.var / MARK).unlink()


def _told() -> bytes:
    return json.dumps({"made_by": "pingyi demo", "at": datetime.now(UTC).isoformat(timespec="seconds")}).encode()
