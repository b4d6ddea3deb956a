"""A person reports wrongdoing: what the page says, what is taken, what is given back, what is said afterwards."""

import errno
import re
from datetime import timedelta
from io import BytesIO

import pytest
from werkzeug.test import create_environ
from werkzeug.wrappers import Response

from survey_app import pingyi_sealed
from survey_app.casework import sealing
from survey_app.domain import sealed
from survey_app.domain.formmark import new_mark
from survey_app.store import sealed as store
from survey_app.store.database import StorageUnavailable
from tests.attaching import HEIC, SVG, photographed, printed
from tests.hostile.nasty import OWN, big_list
from tests.sealing import WORDS, install_key, opened_reports
from tests.survey_app.citizen.sending import nonce_of

ABOUT, CONTACT = "办税服务厅 王某", "0000-8110000"


@pytest.fixture
def officer_key(settings, store):
    return install_key(settings)


@pytest.fixture
def visitor(app, officer_key):
    """A browser pointed at a portal with a sealed inbox; a report of somebody else lies in it."""
    noise = sealed.tidy_report(sealed.make_code(b"n" * 32, "noise"), words="别人写的", about="", contact="")
    sealing.hand_in(noise, settings=app.config["SETTINGS"], today=app.config["CLOCK"].today)
    return app.test_client()


def send(visitor, nonce=None, **typed):
    """Whoever sends the form has had time to read it."""
    nonce = nonce or nonce_of(visitor.get("/report"))
    visitor.application.config["CLOCK"].later(seconds=20)
    files = [(BytesIO(content), name) for content, name in typed.pop("files", ())]
    return visitor.post(
        "/report", data={"nonce": nonce, "words": WORDS, **typed, "files": files}, content_type="multipart/form-data"
    )


def reports(key):
    """What the officer reads, the noise left out."""
    return [report for report in opened_reports(key) if report.words != "别人写的"]


def code_of(page):
    return re.search(r'id="report-code">([^<]+)<', page.text)[1]


class TestThePage:
    def test_says_who_can_read_it_what_the_server_sees_and_where_else_to_turn(self, visitor, officer_key):
        page = visitor.get("/report")

        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers
        for words in (
            "只有掌管私钥的纪检人员",
            "服务器先收到原文，然后才封上",
            "12388",
            "www.12388.gov.cn",
            "怎样不让人认出来",
        ):
            assert words in page.text
        assert pingyi_sealed.spoken(pingyi_sealed.fingerprint(bytes(officer_key.public_key))) in page.text

    def test_asks_for_no_code_and_no_name(self, visitor):
        page = visitor.get("/report").text

        assert "可以不留名" in page
        assert re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"', page) == [
            "nonce",
            "words",
            "about",
            "files",
            "contact",
            "homepage",
            "code",
        ]

    def test_carries_words_over_from_another_form_and_takes_nothing_by_that(self, visitor, officer_key):
        page = visitor.post("/report", data={"carry": "1", "words": WORDS, "about": ABOUT})

        assert page.status_code == 200
        assert f"{WORDS}</textarea>" in page.text
        assert f'value="{ABOUT}"' in page.text
        assert reports(officer_key) == []
        assert send(visitor, nonce=nonce_of(page)).status_code == 200

    def test_without_a_key_says_so_names_12388_and_takes_nothing(self, app):
        visitor = app.test_client()
        page, sent = visitor.get("/report"), visitor.post("/report", data={"words": WORDS})

        assert "还没有开密封信箱" in page.text
        assert "12388" in page.text
        assert "<textarea" not in page.text
        assert "什么也没有收下" in sent.text
        assert (page.status_code, sent.status_code) == (200, 503)
        assert store.list_waiting() == []


class TestAReport:
    def test_reaches_the_officer_as_it_was_written_and_the_page_says_so(self, visitor, officer_key):
        page = send(visitor, about=ABOUT, contact=CONTACT)
        [report] = reports(officer_key)

        assert page.status_code == 200
        assert "已经封上收好" in page.text
        assert "Set-Cookie" not in page.headers
        assert (report.words, report.about, report.contact) == (WORDS, ABOUT, CONTACT)
        assert code_of(page).replace("-", "") == report.code

    def test_keeps_its_week_and_no_day(self, visitor):
        send(visitor)

        assert {row.week.isoformat() for row in store.list_waiting()} == {"2026-11-02"}  # the Monday before 3 November

    def test_brings_its_files_the_picture_drawn_anew(self, visitor, officer_key):
        send(visitor, files=[(photographed(), "证据.jpg"), (printed(), "收据.pdf")])
        [report] = reports(officer_key)
        picture, pdf = report.files

        assert (picture.name, pdf.name) == ("证据.jpg", "收据.pdf")
        assert b"Wang" not in picture.content
        assert pdf.content == printed()

    def test_sent_twice_is_one_report_with_one_code(self, visitor, officer_key):
        nonce = nonce_of(visitor.get("/report"))
        first, again = send(visitor, nonce=nonce), send(visitor, nonce=nonce)

        assert code_of(first) == code_of(again)
        assert len(reports(officer_key)) == 1

    def test_leaves_no_event_and_no_line_in_the_log(self, visitor, caplog):
        caplog.set_level(0)
        before = store.audit.count_events()
        send(visitor, about=ABOUT, contact=CONTACT)

        assert store.audit.count_events() == before
        for words in (WORDS, ABOUT, CONTACT):
            assert words not in caplog.text


class TestWrongInput:
    @pytest.mark.parametrize(
        ("wrong", "status", "says"),
        [
            ({"words": " "}, 422, "还没有写"),
            ({"words": "字" * 5001}, 422, "最多5000个"),
            ({"words": "看\u202e不见"}, 422, "控制符"),
            ({"about": "字" * 201}, 422, "最多200个"),
            ({"contact": "\x00"}, 422, "控制符"),
            ({"homepage": "x"}, 422, "请再按一次"),
            ({"nonce": "x"}, 400, "不是在这里打开的"),
            ({"files": [(SVG, "图.png")]}, 422, "拍照或截屏"),
            ({"files": [(HEIC, "IMG.HEIC")]}, 422, "截屏，再传截屏"),
            ({"files": [(b"", "空.jpg")]}, 422, "0字节"),
            ({"files": [(printed(), "a.pdf")] * 4}, 422, "最多3个"),
        ],
    )
    def test_is_said_in_words_keeps_what_was_typed_and_stores_nothing(self, visitor, officer_key, wrong, status, says):
        page = send(visitor, **{"about": ABOUT, **wrong})

        assert page.status_code == status
        assert says in page.text
        assert "您写的都还在" in page.text
        assert "words" in wrong or f"{WORDS}</textarea>" in page.text
        assert reports(officer_key) == []
        assert send(visitor, nonce=nonce_of(page)).status_code == 200

    def test_a_full_disk_says_so_and_keeps_what_was_typed(self, visitor, officer_key, monkeypatch):
        def refuse(*_args, **_how):
            raise StorageUnavailable

        with monkeypatch.context() as patch:
            patch.setattr(store, "put_in", refuse)
            page = send(visitor)

        assert page.status_code == 503
        assert "没有保存" in page.text
        assert f"{WORDS}</textarea>" in page.text
        assert reports(officer_key) == []

    def test_a_full_inbox_says_so_and_keeps_what_was_typed(self, visitor, officer_key, monkeypatch):
        monkeypatch.setattr(store, "MOST_REPORTS", 1)
        page = send(visitor)

        assert page.status_code == 503
        assert "信箱满了" in page.text
        assert f"{WORDS}</textarea>" in page.text

    def test_two_hundred_megabytes_are_refused_before_a_byte_is_read(self, visitor):
        class Unread(BytesIO):
            def read(self, *_args):
                pytest.fail("read")

        environ = create_environ("/report", method="POST", content_type="multipart/form-data; boundary=x")
        environ |= {"wsgi.input": Unread(), "CONTENT_LENGTH": str(200 * 2**20)}
        page = Response.from_app(visitor.application, environ)

        assert page.status_code == 413
        assert "最多20兆" in page.get_data(as_text=True)
        assert "按返回键" in page.get_data(as_text=True)

    def test_words_of_150_kilobytes_are_refused(self, visitor, officer_key):
        assert send(visitor, words="字" * 50_000).status_code == 413
        assert reports(officer_key) == []

    def test_another_site_cannot_send_it(self, visitor):
        assert (
            visitor.post("/report", data={"words": WORDS}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        )

    @pytest.mark.parametrize("field", ["words", "about", "contact", "nonce", "homepage", "puzzle", "carry"])
    def test_texts_that_break_careless_programs_are_sealed_or_refused_in_words(self, visitor, keys, field):
        for text in [*OWN, *big_list()[::9]]:
            drawn = new_mark(keys.receipt, visitor.application.config["CLOCK"]() - timedelta(minutes=1))
            page = visitor.post("/report", data={"nonce": drawn, "words": WORDS, field: text})
            assert page.status_code in (200, 400, 422), (field, text)
            assert "Traceback" not in page.text
            assert "<script>alert" not in page.text

    def test_file_names_that_break_careless_programs_come_out_plain(self, visitor, officer_key, settings):
        for text in [*OWN, *big_list()[::40]]:
            page = send(visitor, files=[(printed(), text.replace("\x00", "") or "x")])
            assert page.status_code == 200, text
        names = {file.name for report in reports(officer_key) for file in report.files}

        assert len(names) > 10
        assert all(re.fullmatch(r"[\w-]+\.pdf", name) for name in names)


class TestWhereItIs:
    def test_a_report_not_yet_read_is_said_to_wait_since_its_week(self, visitor):
        page = visitor.post("/report/where", data={"code": code_of(send(visitor)).lower()})

        assert page.status_code == 200
        assert "2026年11月2日那一周收到的" in page.text

    def test_a_code_nothing_answers_to_and_a_slip_are_told_apart(self, visitor):
        code = code_of(send(visitor)).replace("-", "")
        unknown = sealed.make_code(b"z" * 32, "nobody")
        pages = [visitor.post("/report/where", data={"code": one}) for one in (unknown, code[:-1], "")]

        assert [page.status_code for page in pages] == [404, 422, 422]
        assert "没有这个编号" in pages[0].text
        assert "17位" in pages[1].text

    def test_guessing_is_slowed(self, visitor):
        visitor.environ_base["REMOTE_ADDR"] = "203.0.113.9"
        said = [
            visitor.post("/report/where", data={"code": sealed.make_code(b"z" * 32, str(n))}).status_code
            for n in range(12)
        ]

        assert said == [404] * 10 + [429] * 2


class TestTheFolderForTemporaryFiles:
    def test_that_is_full_is_a_503_in_words_and_nothing_is_kept(self, visitor, officer_key, monkeypatch):
        def full(*_args, **_how):
            raise OSError(errno.ENOSPC, "No space left on device")

        drawn = nonce_of(visitor.get("/report"))
        monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", full)
        page = send(visitor, nonce=drawn, files=[(printed(), "a.pdf")])

        assert page.status_code == 503
        assert "磁盘满了" in page.text
        assert reports(officer_key) == []
