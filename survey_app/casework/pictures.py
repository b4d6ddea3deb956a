"""Pictures drawn anew: no place, no time, no camera, nothing hidden behind the picture, and a size that can be read."""

import struct
import threading
import warnings
from io import BytesIO

from PIL import Image, ImageOps

from survey_app.domain.errors import N_, Refusal

MOST_PIXELS = 50_000_000  # a phone's 48 megapixels; 200 MB while it is being read
LONGEST_SIDE, QUALITY = 3000, 88  # a page of A4 at 250 dots an inch stays readable
_FORMATS = ("JPEG", "PNG", "WEBP")
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, struct.error)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_reading = threading.Lock()  # one at a time: eight at once would take 1.6 GB
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class PictureBroken(Refusal):
    code, status = "picture-broken", 422
    message = N_("“%(name)s”这张图片打不开，可能没有传完。请重新选一次，或截屏后再传。")


class PictureTooLarge(Refusal):
    code, status = "picture-large", 422
    message = N_("“%(name)s”这张图片太大，最多5000万像素。请截屏后再传。")


def redraw(content: bytes, *, name: str) -> bytes:
    """The picture as a fresh JPEG, upright, at most 3000 points long, on white, its first frame alone.

    Raises PictureBroken, PictureTooLarge.
    """
    try:
        with _reading, Image.open(BytesIO(content), formats=_FORMATS) as picture:
            _require_bounded(picture, name)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _as_jpeg(ImageOps.exif_transpose(picture))
    except _BOMBS as error:
        raise PictureTooLarge(name=name) from error
    except _BROKEN as error:
        raise PictureBroken(name=name) from error


def _require_bounded(picture: Image.Image, name: str) -> None:
    """Asked of the header, before a single point is unpacked."""
    if picture.width * picture.height > MOST_PIXELS:
        raise PictureTooLarge(name=name)


def _as_jpeg(picture: Image.Image) -> bytes:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        flat.paste(seen, mask=seen.getchannel("A"))
    else:
        flat.paste(picture.convert("RGB"))
    made = BytesIO()
    flat.save(made, "JPEG", quality=QUALITY, subsampling=0)
    return made.getvalue()
