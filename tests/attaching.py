"""Files that people attach, good and bad, made here so that no binary lies in the repository."""

import zipfile
import zlib
from io import BytesIO

from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from werkzeug.datastructures import FileStorage

ACTIONS = {
    "script": b"<</S/JavaScript/JS(app.alert(1))>>",
    "script, escaped": b"<</S/J#61vaScript/JS(app.alert(1))>>",
    "start of a program": b"<</S/Launch/F(cmd.exe)>>",
    "file inside": b"<</Type/EmbeddedFile/Length 1>>",
    "sending": b"<</S/SubmitForm/F(http://example.org)>>",
    "form of its own": b"<</XFA 9 0 R>>",
    "another file": b"<</S/GoToR/F(other.pdf)>>",
    "film": b"<</Subtype/RichMedia>>",
}


def sent(content: bytes, name: str = "照片.jpg") -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(BytesIO(content), filename=name)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: object) -> bytes:
    """A picture whose left half is red and whose right half is white."""
    drawn = Image.new("RGB", size, "white")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    made = BytesIO()
    drawn.convert(mode).save(made, kind, **how)
    return made.getvalue()


def photographed(orientation: int = 1) -> bytes:
    """A photograph that says by whose camera, when and where it was taken, and which way up."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = orientation, "PhoneOfMr.Wang", "2026:11:03 09:12:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 26.0), 3: "E", 4: (116.0, 23.0, 29.0)})
    return picture(exif=exif, comment=b"taken at the counter")


def printed() -> bytes:
    """A PDF as printing makes it: one page with words, its content packed."""
    made = BytesIO()
    page = Canvas(made, pageCompression=1, invariant=1)
    page.drawString(72, 700, "Receipt of 3 November")
    page.save()
    return made.getvalue()


def pdf_with(*objects: bytes) -> bytes:
    """A PDF of these objects."""
    numbered = b"\n".join(b"%d 0 obj\n%s\nendobj" % (number, body) for number, body in enumerate(objects, 1))
    return b"%PDF-1.5\n" + numbered + b"\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def packed(content: bytes, about: bytes = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode") -> bytes:
    """A stream of objects, as newer programs write them: nothing of it stands in clear."""
    small = zlib.compress(content, 9)
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (about, len(small), small)


def zipped(name: str = "a.txt", content: bytes = b"words") -> bytes:
    """A zip, as office files are."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(name, content)
    return made.getvalue()


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
PROGRAM = b"MZ" + bytes(200)
