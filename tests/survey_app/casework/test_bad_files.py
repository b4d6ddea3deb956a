"""Files that harm or mislead: each is refused with words that say what to do, and nothing of it is kept."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from survey_app.casework import pictures
from survey_app.casework.attachments import checked
from survey_app.casework.pictures import PictureBroken, PictureTooLarge, redraw
from survey_app.domain.attached import FileIsEmpty, FileIsHeic, FileTooHeavy, KindNotTaken
from survey_app.domain.errors import Refusal
from survey_app.domain.pdf_scan import PdfActive, PdfBroken, PdfLocked, require_still
from survey_app.pingyi_sealed import name_of, stem_of
from tests.attaching import ACTIONS, HEIC, HTML, PROGRAM, SVG, packed, pdf_with, picture, printed, sent, zipped
from tests.hostile.nasty import OWN, big_list


def judged(check, content):
    """What the check made of it, and the status a person gets."""
    try:
        return check(content, name="材料"), 200
    except Refusal as refusal:
        return None, refusal.status


class TestKinds:
    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (SVG, "图.svg"),
            (SVG, "图.png"),
            (HTML, "证据.jpg"),
            (HTML, "证据.html"),
            (zipped(), "资料.zip"),
            (zipped("word/document.xml", b"<w/>"), "材料.docx"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(100), "老表.xls"),
            (PROGRAM, "照片.jpg"),
            (b"GIF89a" + bytes(50), "动图.gif"),
            (b"\x00\x00\x00\x18ftypmp42" + bytes(50), "录像.mp4"),
            (b"RIFF\x00\x00\x00\x00AVI LIST", "录像.webp"),
            (b"just words", "话.pdf"),
            (b" " + printed(), "前面有空格.pdf"),
        ],
    )
    def test_that_are_no_picture_and_no_pdf_are_refused_whatever_they_are_called(self, content, name):
        with pytest.raises(KindNotTaken, match="拍照或截屏"):
            checked([sent(content, name)])

    @pytest.mark.parametrize("name", ["资料.zip", "照片.jpg", "表.xlsx"])
    def test_a_zip_bomb_is_refused_as_it_lies_and_never_unpacked(self, name, monkeypatch):
        bomb = zipped("zeros", b"\0" * (50 * 2**20))
        monkeypatch.setattr("zipfile.ZipFile", lambda *_args, **_how: pytest.fail("unpacked"))

        assert len(bomb) < 60_000
        with pytest.raises(KindNotTaken):
            checked([sent(bomb, name)])

    def test_a_heic_photograph_is_refused_with_what_to_do(self):
        with pytest.raises(FileIsHeic, match="截屏，再传截屏"):
            checked([sent(HEIC, "IMG_0001.HEIC")])

    def test_an_empty_file_is_refused(self):
        with pytest.raises(FileIsEmpty, match="0字节"):
            checked([sent(b"", "照片.jpg")])

    def test_one_byte_over_ten_megabytes_is_refused_and_ten_are_judged(self):
        ten = picture().ljust(10 * 2**20, b"\0")

        assert checked([sent(ten)])[0].media_type == "image/jpeg"
        with pytest.raises(FileTooHeavy, match="最多10兆"):
            checked([sent(ten + b"\0")])


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_that_claims(width, height):
    """A few bytes that say they are a picture of this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


class TestPictures:
    @pytest.mark.parametrize("size", [(8000, 7000), (10_000, 10_000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
    def test_a_bomb_is_refused_by_its_header_before_it_is_unpacked(self, size, monkeypatch):
        monkeypatch.setattr(pictures, "_as_jpeg", lambda picture: pytest.fail("unpacked"))

        with pytest.raises(PictureTooLarge, match="5000万像素"):
            redraw(png_that_claims(*size), name="图")

    @pytest.mark.parametrize("cut", [12, 100, 300, -60])
    def test_a_picture_cut_off_is_refused(self, cut):
        whole = picture(size=(600, 400), quality=95)

        with pytest.raises(PictureBroken, match="没有传完"):
            redraw(whole[:cut], name="图")

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 400))
    def test_bytes_put_anywhere_into_a_picture_give_a_picture_or_a_refusal(self, noise, kind, place):
        whole = picture(kind)
        made, status = judged(redraw, whole[:place] + noise + whole[place + len(noise) :])

        assert status == 422 or Image.open(io.BytesIO(made)).format == "JPEG"


class TestPdfs:
    def test_as_printing_makes_them_pass(self):
        require_still(printed(), name="收据")
        require_still(pdf_with(b"<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]>>"), name="收据")
        require_still(pdf_with(b"<<>>", packed(b"4 0 <</Type/Page>>")), name="收据")

    @pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
    def test_that_do_something_are_refused_in_clear_and_packed(self, action):
        for hidden in (action, packed(b"4 0 " + action), packed(b"% note\n4 0 " + action, b"/Filter/FlateDecode")):
            with pytest.raises(PdfActive, match="另存为PDF"):
                require_still(pdf_with(b"<</Type/Catalog>>", hidden), name="材料")

    def test_under_a_password_are_refused(self):
        with pytest.raises(PdfLocked, match="密码"):
            require_still(pdf_with(b"<</Encrypt 3 0 R>>"), name="材料")

    @pytest.mark.parametrize(
        "content",
        [
            b"%PDF-1.7\nnothing follows",
            printed()[:-40],
            printed() + zipped("run.js", b"alert(1)"),
            pdf_with(packed(b"4 0 <<>>", b"/Type/ObjStm/Filter[/ASCII85Decode/FlateDecode]")),
            pdf_with(packed(b"4 0 <<>>", b"/Type/ObjStm/Filter/FlateDecode/DecodeParms<</Predictor 12>>")),
            pdf_with(b"<</Type/ObjStm/Filter/FlateDecode>>stream\nno zlib\nendstream"),
            pdf_with(packed(b"4 0 <<>>" + bytes(range(256)) * 40).replace(b"\nendstream", b"")[:-30] + b"\nendstream"),
        ],
    )
    def test_cut_off_mixed_or_packed_so_that_nobody_can_look_are_refused(self, content):
        with pytest.raises(PdfBroken, match="另存为PDF"):
            require_still(content, name="材料")

    def test_that_unpack_without_end_are_refused_at_the_bound(self):
        bomb = pdf_with(packed(b"4 0 " + b" " * (80 * 2**20)))

        assert len(bomb) < 100_000
        with pytest.raises(PdfBroken):
            require_still(bomb, name="材料")

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=400))
    def test_any_bytes_are_judged_without_a_fault(self, noise):
        _nothing, status = judged(require_still, b"%PDF-1.4\n" + noise + b"\n%%EOF")

        assert status in (200, 422)


class TestNames:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("微信图片_20261103.png", "微信图片-20261103.jpg"),
            ("../../etc/passwd", "passwd.jpg"),
            ("C:\\fakepath\\发票.jpg", "发票.jpg"),
            ("CON.jpg", "附件.jpg"),
            ("nul.txt.", "nul-txt.jpg"),
            ("NUL", "附件.jpg"),
            ("COM¹.png", "附件.jpg"),
            ("a:b...", "a-b.jpg"),
            ("....", "附件.jpg"),
            ("\u202egpj.exe", "gpj.jpg"),
            ("𠮷野家𰻝.jpeg", "𠮷野家𰻝.jpg"),
            ("=cmd|'/c calc'!A1.png", "c-calc-A1.jpg"),
            ("长" * 300 + ".jpg", "长" * 40 + ".jpg"),
        ],
    )
    def test_keep_letters_and_lose_what_harms(self, given, kept):
        assert name_of(given, "image/jpeg") == kept

    def test_of_the_list_of_nasty_texts_are_short_plain_and_never_empty(self):
        for text in [*OWN, *big_list()]:
            stem = stem_of(text)
            assert 0 < len(stem) <= 40, text
            assert all(sign.isalnum() or sign == "-" for sign in stem), text
