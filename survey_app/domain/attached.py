"""Files that people attach: how many, how heavy, and which kinds by their content.

A picture is drawn anew (casework/pictures), so that nothing of the sent bytes is kept. A PDF cannot be: it stays as it
came and is held apart (`QUARANTINED`), which means that it is only ever a download, with a warning beside it.
"""

from survey_app.domain.errors import N_, Refusal
from survey_app.pingyi_sealed import PDF

MOST_FILES, MOST_BYTES = 3, 10 * 2**20
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PICTURES = frozenset({JPEG, PNG, WEBP})
OK, QUARANTINED, DELETED = "ok", "quarantined", "deleted"
STATE_WORDS = {
    OK: N_("图片，重新生成过"),
    QUARANTINED: N_("PDF原件，打开前请先查毒"),
    DELETED: N_("到期已删除"),
}
_BEGINNINGS = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})


class TooManyFiles(Refusal):
    code, status = "attached-many", 422
    message = N_("选了%(count)s个文件，最多%(most)s个，一个也没有收下。请少选几个再提交。")


class UnitFilesFull(Refusal):
    code, status = "unit-files-full", 413
    message = N_(
        "您单位一年内交的材料已有%(held)s兆，加上这次的%(adding)s兆，超过了%(most)s兆，这次的没有收下。"
        "请只交要紧的几页或压缩图片；确实要交的，用纸质交给办公室。"
    )


class FileTooHeavy(Refusal):
    code, status = "attached-heavy", 413
    message = N_("“%(name)s”太大，每个文件最多%(most)s兆。可以截屏后再传，或者只传要紧的几页。")


class FileIsEmpty(Refusal):
    code, status = "attached-empty", 422
    message = N_("“%(name)s”是空的（0字节），没有收下。请重新选这个文件。")


class FileIsHeic(Refusal):
    code, status = "attached-heic", 422
    message = N_("“%(name)s”是苹果手机的HEIC照片，这里打不开。请打开这张照片，截屏，再传截屏。")


class KindNotTaken(Refusal):
    code, status = "attached-kind", 422
    message = N_("“%(name)s”的内容不是图片（JPG、PNG、WebP），也不是PDF，没有收下。请拍照或截屏后再传。")


def kind_of(content: bytes, *, name: str) -> str:
    """The media type the bytes themselves show; the name and what a browser says prove nothing.

    Raises FileIsEmpty, FileTooHeavy, FileIsHeic, KindNotTaken.
    """
    if not content:
        raise FileIsEmpty(name=name)
    if len(content) > MOST_BYTES:
        raise FileTooHeavy(name=name, most=MOST_BYTES // 2**20)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise FileIsHeic(name=name)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    raise KindNotTaken(name=name)


def require_few(count: int) -> None:
    """Raises TooManyFiles."""
    if count > MOST_FILES:
        raise TooManyFiles(count=count, most=MOST_FILES)
