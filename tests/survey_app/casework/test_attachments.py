"""Files people attach: what is taken, what becomes of it, where it lies, and what a full disk leaves."""

import errno
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from survey_app.casework import attachments
from survey_app.casework.attachments import AttachmentGone, open_attachment, take
from survey_app.domain.attached import DELETED, JPEG, OK, PDF, QUARANTINED, TooManyFiles
from survey_app.store.database import StorageUnavailable
from tests.attaching import photographed, picture, printed, sent, zipped

LATER = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)


def lying(settings):
    """Every file in the folder of attachments, hidden ones too."""
    folder = settings.var / "case-files"
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def drawn(content):
    return Image.open(BytesIO(content))


def colour(content, x, y):
    """Red, white or something else at a point: JPEG is not exact."""
    r, g, _b = drawn(content).getpixel((x, y))
    return "red" if r > 200 and g < 60 else "white" if g > 200 else "other"


@pytest.fixture
def opened(keys, settings):
    """`opened(file, …)`: what is kept of files, as the desk will read it."""
    return lambda *files: [
        open_attachment(row, keys=keys, settings=settings) for row in take(files, keys=keys, settings=settings)
    ]


class TestAPicture:
    @pytest.mark.parametrize(
        ("kind", "mode"),
        [("JPEG", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "1"), ("WEBP", "RGB")],
    )
    def test_of_every_kind_is_kept_as_a_fresh_jpeg(self, opened, kind, mode):
        [kept] = opened(sent(picture(kind, mode=mode)))

        assert drawn(kept).format == "JPEG"
        assert drawn(kept).size == (60, 40)
        assert kept != picture(kind, mode=mode)

    def test_shows_what_it_showed(self, opened):
        [kept] = opened(sent(picture("PNG")))

        assert (colour(kept, 5, 20), colour(kept, 55, 20)) == ("red", "white")

    def test_loses_place_time_camera_and_comment(self, opened):
        original = photographed()
        [kept] = opened(sent(original))

        assert b"PhoneOfMr.Wang" in original
        assert dict(drawn(original).getexif().get_ifd(0x8825)) != {}
        assert dict(drawn(kept).getexif()) == {}
        assert b"Wang" not in kept
        assert b"counter" not in kept

    def test_taken_sideways_stands_upright_without_its_orientation_mark(self, opened):
        [kept] = opened(sent(photographed(orientation=6)))  # turned a quarter to the right: left becomes top

        assert drawn(kept).size == (40, 60)
        assert (colour(kept, 20, 5), colour(kept, 20, 55)) == ("red", "white")

    def test_larger_than_anyone_reads_becomes_smaller(self, opened):
        [kept] = opened(sent(picture(size=(6000, 3000))))

        assert drawn(kept).size == (3000, 1500)

    def test_with_nothing_behind_stands_on_white(self, opened):
        made = BytesIO()
        Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(made, "PNG")
        [kept] = opened(sent(made.getvalue(), "图.png"))

        assert colour(kept, 10, 10) == "white"

    def test_with_a_program_behind_its_end_loses_it(self, opened):
        [kept] = opened(sent(picture() + zipped("run.js", b"alert(1)")))

        assert b"PK" not in kept[-200:]
        assert b"run.js" not in kept

    def test_named_otherwise_is_taken_for_what_it_is(self, keys, settings):
        [row] = take([sent(picture("PNG"), "回执.pdf")], keys=keys, settings=settings)

        assert (row.name, row.media_type, row.state) == ("回执.jpg", JPEG, OK)


class TestAPdf:
    def test_is_kept_byte_for_byte_and_held_apart(self, keys, settings):
        [row] = take([sent(printed(), "收据.PDF")], keys=keys, settings=settings)

        assert (row.name, row.media_type, row.state, row.size) == ("收据.pdf", PDF, QUARANTINED, len(printed()))
        assert open_attachment(row, keys=keys, settings=settings) == printed()


class TestWhereItLies:
    def test_sealed_under_the_digest_of_what_lies_there_readable_by_its_owner_alone(self, keys, settings):
        [row] = take([sent(printed(), "收据.pdf")], keys=keys, settings=settings)
        file = settings.var / "case-files" / row.digest

        assert lying(settings) == [row.digest]
        assert b"%PDF" not in file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700

    def test_the_same_file_twice_lies_in_two_places_that_nobody_can_compare(self, keys, settings):
        rows = take([sent(printed(), "a.pdf"), sent(printed(), "b.pdf")], keys=keys, settings=settings)
        folder = settings.var / "case-files"

        assert len({(folder / row.digest).read_bytes() for row in rows}) == 2

    def test_another_key_opens_nothing(self, keys, settings):
        [row] = take([sent(printed(), "a.pdf")], keys=keys, settings=settings)

        with pytest.raises(AttachmentGone):
            open_attachment(row, keys=replace(keys, case=bytes(32)), settings=settings)

    def test_a_file_altered_on_the_disk_is_not_shown(self, keys, settings):
        [row] = take([sent(printed(), "a.pdf")], keys=keys, settings=settings)
        file = settings.var / "case-files" / row.digest
        file.write_bytes(file.read_bytes()[:-1] + b"x")

        with pytest.raises(AttachmentGone):
            open_attachment(row, keys=keys, settings=settings)

    def test_deleted_it_is_gone_from_the_disk_and_deleting_again_does_no_harm(self, keys, settings):
        mine, other = take([sent(printed(), "a.pdf"), sent(picture())], keys=keys, settings=settings)
        attachments.delete_attachment(mine, settings)
        attachments.delete_attachment(mine, settings)

        assert lying(settings) == [other.digest]
        for row in (mine, replace(other, state=DELETED)):
            with pytest.raises(AttachmentGone):
                open_attachment(row, keys=keys, settings=settings)

    def test_files_no_row_names_are_swept_after_a_day_and_the_others_stay(self, keys, settings):
        orphan, mine, fresh = (take([sent(picture())], keys=keys, settings=settings)[0] for _ in range(3))
        folder = settings.var / "case-files"
        (folder / ".half.part").write_bytes(b"half")
        for name, at in ((orphan.digest, 26), (mine.digest, 26), (".half.part", 26), (fresh.digest, 1)):
            stamp = (LATER - timedelta(hours=at)).timestamp()
            os.utime(folder / name, (stamp, stamp))

        swept = attachments.sweep(settings, lambda digests: {mine.digest} & set(digests), LATER)

        assert swept == 2
        assert lying(settings) == sorted([mine.digest, fresh.digest])

    def test_sweeping_where_nothing_was_ever_attached_does_nothing(self, settings):
        assert attachments.sweep(settings, lambda places: set(), LATER) == 0


class TestAFullDisk:
    def test_at_the_second_file_leaves_none_and_says_so(self, keys, settings, monkeypatch):
        real, written = attachments.write_atomically, []

        def full(place, data, **how):
            if written:
                raise OSError(errno.ENOSPC, "No space left on device")
            written.append(place)
            real(place, data, **how)

        monkeypatch.setattr(attachments, "write_atomically", full)
        with pytest.raises(StorageUnavailable) as refused:
            take([sent(picture()), sent(printed(), "a.pdf")], keys=keys, settings=settings)

        assert refused.value.status == 503
        assert len(written) == 1
        assert lying(settings) == []


class TestSeveral:
    def test_boxes_left_empty_are_no_files(self, keys, settings):
        assert take([sent(b"", ""), sent(b"", "")], keys=keys, settings=settings) == []

    def test_four_are_too_many_and_none_is_kept(self, keys, settings):
        with pytest.raises(TooManyFiles):
            take([sent(picture())] * 4, keys=keys, settings=settings)

        assert lying(settings) == []

    def test_a_bad_one_among_good_ones_keeps_none(self, keys, settings):
        with pytest.raises(attachments.attached.KindNotTaken):
            take([sent(picture()), sent(b"<svg/>", "a.svg")], keys=keys, settings=settings)

        assert lying(settings) == []


class TestADownload:
    def test_is_saved_never_shown_and_runs_nothing(self, keys, settings):
        [row] = take([sent(printed(), '证"明\r\n.pdf')], keys=keys, settings=settings)
        answer = attachments.download(row, printed())

        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert "inline" not in answer.headers["Content-Disposition"]
        assert "\n" not in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Content-Type"] == "application/pdf"
