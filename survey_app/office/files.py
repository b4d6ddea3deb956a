"""The files of a round with names that stay the same: round, version, what it is, the last day of the round."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from survey_app.config import Settings
from survey_app.domain.errors import N_, Refusal
from survey_app.exports.releases import Released
from survey_app.office.standing import newest
from survey_app.store.rounds import Round
from survey_app.web.sending import CSV, XLSX

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK, NOTICE, BRIEF = "results.xlsx", "notice.docx", "brief.docx"
TITLES = {
    WORKBOOK: N_("Excel工作簿"),
    NOTICE: N_("通报（Word）"),
    BRIEF: N_("简报（Word）"),
    "scores.csv": N_("得分（CSV）"),
    "counts.csv": N_("计数（CSV）"),
    "rules.csv": N_("规则判定（CSV）"),
    "integrity.csv": N_("过程检验（CSV）"),
    "differences.csv": N_("与上一版的差别（CSV）"),
}
_TYPES = {".xlsx": XLSX, ".docx": DOCX, ".csv": CSV}


class FileUnknown(Refusal):
    code, status = "file-unknown", 404
    message = N_("这一轮没有这个文件，或结果还没有算出来。")


@dataclass(frozen=True)
class RoundFile:
    """A file of a round: `name` is what it is called on the way out, `path` where it stands."""

    title: str
    name: str
    path: Path
    mimetype: str
    version: int


def round_files(round_: Round, settings: Settings) -> list[RoundFile]:
    """What can be taken home of a round: of its newest version. Empty before there is one."""
    release = newest(round_.code, settings)
    return list(_files(round_, release)) if release else []


def round_file(round_: Round, settings: Settings, stem: str) -> RoundFile:
    """One of them by the name it has in the release. Raises FileUnknown."""
    for file in round_files(round_, settings):
        if file.path.name == stem:
            return file
    raise FileUnknown


def _files(round_: Round, release: Released) -> Iterator[RoundFile]:
    for stem, title in TITLES.items():
        path = release.folder / stem
        if path.is_file():
            name = f"{round_.code}-v{release.version}-{path.stem}-{round_.closes_on:%Y%m%d}{path.suffix}"
            yield RoundFile(title, name, path, _TYPES[path.suffix], release.version)
