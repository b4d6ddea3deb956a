"""A person follows a case by its code: state, deadline, words, files, satisfied or not, and who may not."""

import re
from io import BytesIO

import pytest

from survey_app.casework import attachments
from survey_app.domain.cases import steps
from survey_app.domain.cases.codes import make_case_code, spoken
from survey_app.store import audit, case_papers
from survey_app.store import cases as store
from tests.attaching import picture, sent
from tests.hostile.nasty import OWN
from tests.survey_app.citizen.casing import (
    WORDS,
    answered,
    code_of,
    follow,
    hand_in,
    main_of,
    messages,
    new_case,
    number_of,
    step,
    worked_on,
)
from tests.survey_app.citizen.conftest import from_address


@pytest.fixture
def visitor(app):
    """A browser; a noise case of another unit lies in the database."""
    new_case(app.test_client(), "question", unit="noise", words="无关的问题")
    return app.test_client()


@pytest.fixture
def code(visitor):
    """The code of a complaint, handed in on Tuesday 3 November 2026."""
    return new_case(visitor, unit="tax")


@pytest.fixture
def number(visitor, code):
    return number_of(follow(visitor, code))


class TestThePage:
    def test_shows_the_case_its_state_and_whose_move_it_is(self, visitor, code):
        page = main_of(follow(visitor, code))

        assert "投诉" in page
        assert "办税服务厅" in page
        assert "待办理" in page
        assert WORDS in page
        assert "无关的问题" not in page

    def test_says_by_when_in_working_days(self, visitor, code, number, app):
        first = main_of(follow(visitor, code))  # verify: one working day after Tuesday the 3rd
        worked_on(app, number, steps.CONTACTED, internal="打了电话")
        then = main_of(follow(visitor, code))  # answer: five working days
        worked_on(app, number, steps.RECTIFYING, public="窗口要改造")
        at_last = main_of(follow(visitor, code))  # complex: fifteen

        assert "单位最晚2026年11月4日核实情况" in first
        assert "单位最晚2026年11月10日答复" in then
        assert "单位最晚2026年11月24日答复" in at_last

    def test_says_when_a_step_is_late_and_what_follows_of_it(self, visitor, code):
        visitor.application.config["CLOCK"].later(days=3)

        assert "本来最晚2026年11月4日要办完这一步，已经超期" in main_of(follow(visitor, code))

    def test_a_pause_and_a_closed_case_say_what_they_are(self, visitor, code, number, app):
        worked_on(app, number, steps.SUSPENDED, role=steps.OFFICE, by="reviewer", public="等您补材料")
        paused = main_of(follow(visitor, code))
        worked_on(app, number, steps.RESUMED, role=steps.OFFICE, by="reviewer")
        answered(app, number)
        step(visitor, "judge", code, satisfied="yes")
        worked_on(app, number, steps.RESPONSIBILITY_STATED, internal="排班不当")
        worked_on(app, number, steps.RESPONSIBILITY_CONFIRMED, role=steps.OFFICE, by="reviewer")
        closed = main_of(follow(visitor, code))

        assert "暂停计时，原因写在办理经过里" in paused
        assert "等您补材料" in paused
        assert store.case(number).state == steps.DONE
        assert "已经办结。觉得没有解决的，可以打12345" in closed

    def test_shows_public_words_and_hides_notes_and_names(self, visitor, code, number, app):
        worked_on(app, number, steps.NOTE, internal="这个人常来")
        worked_on(app, number, steps.CONTACTED, by="wang-clerk", internal="内部经过")
        page = follow(visitor, code).text

        assert "联系核实" in page
        assert not re.search("常来|wang-clerk|内部经过|内部备注", page)

    def test_is_the_person_s_alone(self, app, code):
        stranger = app.test_client()

        assert stranger.get("/case/view").headers["Location"] == "/case"

    def test_an_unreadable_calendar_year_leaves_the_page_standing(self, app):
        clock = app.config["CLOCK"]
        clock.later(days=365 * 20)
        visitor = app.test_client()

        assert "待办理" in main_of(follow(visitor, new_case(visitor, unit="tax")))


class TestFindingByCode:
    @pytest.mark.parametrize(
        ("typed", "says"),
        [("", "查询码对不上"), ("2345", "查询码对不上"), ("O" * 17, "查询码对不上"), ("\x00", "对不上")],
    )
    def test_what_is_no_code_is_refused_before_anything_is_looked_up(self, visitor, code, typed, says):
        page = visitor.post("/case", data={"code": typed})

        assert page.status_code == 422
        assert says in messages(page)["code"]

    def test_a_code_that_nobody_has_is_refused_in_words(self, visitor, code):
        other = spoken(make_case_code(b"k" * 32, form_nonce="n", kind="complaint", unit_slug="tax"))

        assert "没有找到这个查询码" in messages(visitor.post("/case", data={"code": other}))["code"]

    def test_guessing_has_to_wait_and_is_on_record_without_an_address(self, app, code):
        guesser, owner = from_address(app, "203.0.113.9"), from_address(app, "198.51.100.7")
        made = [make_case_code(bytes([n]) * 32, form_nonce="n", kind="x", unit_slug="") for n in range(14)]
        pages = [guesser.post("/case", data={"code": guess}).status_code for guess in made]
        by_cookie = [_with_cookie(app, "203.0.113.9", guess) for guess in made[:2]]

        assert pages == [422] * 10 + [429] * 4
        assert by_cookie == [429, 429]
        assert "昨天在3号窗口" in follow(owner, code).text
        events = [event for event in audit.list_events() if event.action == "case.guessing"]
        assert len(events) == 1
        assert "203.0.113" not in str(events)


def _with_cookie(app, address, guess):
    visitor = from_address(app, address)
    visitor.set_cookie("case", guess)
    return visitor.get("/case/view").status_code


class TestMoreWords:
    def test_are_kept_sealed_and_shown_to_their_writer(self, visitor, code, number, keys):
        page = step(visitor, "add", code, words="还有一次是上周五")

        assert "补充的话存好了" in page.text
        assert "还有一次是上周五" in main_of(page)
        assert list(case_papers.written(number, keys).values()) == [WORDS, "还有一次是上周五"]

    def test_a_picture_goes_with_them_and_comes_back_as_a_download(self, visitor, code):
        page = step(visitor, "add", code, words="看照片", files=(BytesIO(picture()), "照片.jpg"))
        digest = re.search(r'name="file" value="([0-9a-f]{64})"', page.text)[1]
        got = visitor.post("/case/file", data={"code": code, "file": digest})

        assert got.status_code == 200
        assert got.headers["Content-Disposition"].startswith("attachment;")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in got.headers["Content-Security-Policy"]
        assert got.data[:3] == b"\xff\xd8\xff"

    def test_another_case_s_file_is_not_given_out(self, visitor, code, app):
        other = new_case(app.test_client(), unit="tax", words="别人的事", files=(BytesIO(picture()), "x.jpg"))
        digest = re.search(r'name="file" value="([0-9a-f]{64})"', follow(app.test_client(), other).text)[1]

        assert visitor.post("/case/file", data={"code": code, "file": digest}).status_code == 404
        assert visitor.post("/case/file", data={"code": "nonsense", "file": digest}).status_code == 422

    @pytest.mark.parametrize(
        ("content", "name", "says"),
        [
            (b"", "空.jpg", "0字节"),
            (b"<svg onload=alert(1)>", "a.svg", "不是图片"),
            (b"PK\x03\x04zip", "a.jpg", "不是图片"),
        ],
    )
    def test_a_file_that_is_refused_is_named_and_nothing_is_taken(self, visitor, code, number, content, name, says):
        before = store.case(number).version
        page = step(visitor, "add", code, words="看文件", files=(BytesIO(content), name))

        assert page.status_code == 422
        assert says in messages(page)["files"]
        assert "看文件</textarea>" in page.text
        assert store.case(number).version == before

    def test_nothing_said_is_refused(self, visitor, code):
        assert "还没有写" in messages(step(visitor, "add", code, words=" "))["words"]

    def test_texts_that_break_careless_programs_are_kept_or_refused_in_words(self, app):
        for text in OWN[::4]:
            code = new_case(app.test_client(), unit="tax")
            page = step(app.test_client(), "add", code, words=text)
            assert page.status_code in (200, 422), text
            assert "<script>alert" not in page.text


class TestSatisfiedOrNot:
    def test_is_not_asked_before_there_is_an_answer(self, visitor, code):
        assert 'name="satisfied"' not in follow(visitor, code).text
        assert step(visitor, "judge", code, satisfied="yes").status_code == 409

    def test_is_asked_after_it_with_neither_chosen(self, visitor, code, number, app):
        answered(app, number)
        page = follow(visitor, code)

        assert "请在2026年11月10日前（含当天）说满意不满意" in main_of(page)
        assert page.text.count('name="satisfied"') == 2
        assert "checked" not in page.text

    def test_a_yes_is_kept(self, visitor, code, number, app):
        answered(app, number)
        page = step(visitor, "judge", code, satisfied="yes")

        assert store.case(number).satisfied == "yes"
        assert "您已回音，等办结" in main_of(page)
        assert 'name="satisfied"' not in page.text

    def test_a_no_says_why_and_takes_the_case_up_again_and_a_second_goes_to_the_office(
        self, visitor, code, number, app, keys
    ):
        answered(app, number)
        bare = step(visitor, "judge", code, satisfied="no")
        first = step(visitor, "judge", code, satisfied="no", why="窗口还是没人")
        again = store.case(number)
        answered(app, number, "再加一个人")
        second = step(visitor, "judge", code, satisfied="no", why="还是没人")

        assert "请写哪里没有解决" in messages(bare)["why"]
        assert (again.state, again.reopened) == (steps.TAKEN, 1)
        assert "重新办理" in main_of(first)
        assert (store.case(number).raised, store.case(number).satisfied) == ("office", "no")
        assert "由主管办公室来定" in main_of(second)
        assert "窗口还是没人" in case_papers.written(number, keys).values()

    def test_sent_twice_it_is_one_word(self, visitor, code, number, app):
        answered(app, number)
        page = follow(visitor, code)
        form = page.text.split('action="/case/judge"')[1].split("</form>")[0]
        data = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)) | {"satisfied": "yes"}
        first, again = (visitor.post("/case/judge", data=data) for _ in "12")

        assert (first.status_code, again.status_code) == (303, 303)
        assert [e.step for e in store.events_of(number)].count(steps.SATISFIED) == 1

    def test_after_a_step_of_somebody_else_it_is_given_back_without_naming_them(self, visitor, code, number, app):
        answered(app, number)
        form = follow(visitor, code).text.split('action="/case/judge"')[1].split("</form>")[0]
        data = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        worked_on(app, number, steps.NOTE, by="wang-clerk", internal="看一眼")
        page = visitor.post("/case/judge", data={**data, "satisfied": "no", "why": "写了很久的话"})

        assert page.status_code == 409
        assert "您填的还在" in page.text
        assert "写了很久的话</textarea>" in page.text
        assert "wang-clerk" not in page.text

    @pytest.mark.parametrize("told", ["", "maybe", "YES", "\x00"])
    def test_neither_is_refused(self, visitor, code, number, app, told):
        answered(app, number)

        assert "请选满意或不满意" in messages(step(visitor, "judge", code, satisfied=told))["satisfied"]


class TestRatingTheHandling:
    def test_is_offered_after_the_person_s_word_and_taken_once(self, visitor, code, number, app):
        answered(app, number)
        before = follow(visitor, code)
        after = step(visitor, "judge", code, satisfied="yes")
        rated = step(visitor, "rate", code, level="4")

        assert 'name="level"' not in before.text
        assert after.text.count('name="level"') == 5
        assert "对办理的评价存好了" in rated.text
        assert store.state(number).handling == 4
        assert 'name="level"' not in rated.text

    @pytest.mark.parametrize("told", ["", "0", "6", "满意"])
    def test_nothing_else_is_taken(self, visitor, code, number, app, told):
        answered(app, number)
        step(visitor, "judge", code, satisfied="yes")

        assert step(visitor, "rate", code, level=told).status_code == 422
        assert store.state(number).handling is None


def test_the_unit_s_files_are_downloads_with_what_they_are(visitor, code, number, app, keys, settings):
    files = attachments.take([sent(picture(), "整改后.jpg")], keys=keys, settings=settings)
    worked_on(app, number, steps.CONTACTED, internal="看了监控")
    worked_on(app, number, steps.ANSWERED, public="改好了", outcome="solved", evidence="照片", files=files)
    page = follow(visitor, code)

    assert "下载：整改后.jpg" in page.text
    assert "图片，重新生成过" in page.text
    assert "答复：已解决" in main_of(page)


def test_200_megabytes_are_refused_before_they_are_read(visitor):
    sent = {"CONTENT_LENGTH": str(200 * 2**20), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    page = visitor.post("/case/new/complaint", environ_overrides=sent)

    assert page.status_code == 413
    assert "文件合起来太大" in page.text


def test_a_full_disk_says_so_and_keeps_what_was_typed(visitor, monkeypatch):
    def refuse(*_args, **_how):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("survey_app.casework.attachments.write_atomically", refuse)
    page = hand_in(visitor, unit="tax", files=(BytesIO(picture()), "照片.jpg"))

    assert page.status_code == 503
    assert f"{WORDS}</textarea>" in page.text


def test_more_cases_than_an_hour_takes_ask_the_device_to_compute_and_drop_none(tight):
    visitor = tight(network=2)("203.0.113.5")
    codes = {new_case(visitor, unit="tax", words=f"第{n}件") for n in (1, 2)}
    page = visitor.get("/case/new/complaint")
    third = hand_in(visitor, unit="tax", words="第3件")

    assert len(codes) == 2
    assert 'id="puzzle-note"' in page.text
    assert third.status_code == 429
    assert "第3件</textarea>" in third.text
    assert 'id="puzzle-note"' not in visitor.get("/rate/service/tax").text
    assert code_of(visitor.get("/case/kept")) in codes
