"""Samples and attachments: handed in, chosen in a form, public only with the approved page that names them."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from survey_app.publishing import staging
from survey_app.publishing.revisions import revising
from survey_app.store import audit
from survey_app.store import revisions as store
from tests.survey_app.unit.pages import form_of

FORM = "/desk/page/units/tax/procedures/wanshui"
PDF = b"%PDF-1.7\n1 0 obj\n"


def hand_in(editor, name, content):
    return editor.post("/desk/files", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def approve(settings, clock):
    [waiting] = store.waiting()
    how = {"by": "li", "roles": {"publicity"}, "words": "", "pass_on": False, "today": clock.today}
    revising.approve(settings, revision=waiting, now=clock(), **how)
    revising.write_approved(settings, clock())


def test_a_sample_becomes_public_with_the_page_that_names_it(editor, office, settings, clock, desk_pages):
    assert hand_in(editor, "申请表 样表.PDF", PDF).status_code == 303
    path = "files/tax/shen-qing-biao-yang-biao.pdf"
    assert not (desk_pages / path).exists()
    assert path in editor.get(FORM).text
    sent = form_of(editor.get(FORM))

    answer = editor.post(FORM, data={**sent, "materials-1-sample": path, "do": "submit"})

    assert answer.status_code == 303
    number = store.waiting()[0].number
    assert "一起公开的文件" in office.get(f"/desk/review/revision/{number}").text
    with office.get(f"/desk/review/revision/{number}/preview/{path}") as shown:
        assert shown.data == PDF
    approve(settings, clock)
    assert (desk_pages / path).read_bytes() == PDF
    assert "file.hand_in" in [event.action for event in audit.list_events()]


def test_a_file_that_is_not_there_cannot_be_named(editor):
    sent = form_of(editor.get(FORM))

    answer = editor.post(FORM, data={**sent, "materials-1-sample": "files/tax/mei-you.pdf", "do": "submit"})

    assert answer.status_code == 422
    assert store.waiting() == []


REFUSED = [
    ("表.exe", b"MZ", "这一种文件不收"),
    ("表.html", b"<script>", "这一种文件不收"),
    ("表.svg", b"<svg onload=alert(1)>", "这一种文件不收"),
    ("表.pdf", b"<html>", "不是pdf文件"),
    ("表.png", PDF, "不是png文件"),
    ("表.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "不是docx文件"),
    ("表.csv", b"a\x00b", "不是csv文件"),
    ("表.pdf", b"", "没有选文件"),
    ("pdf", PDF, "没有选文件"),
    (".pdf", PDF, "没有选文件"),
]


@pytest.mark.parametrize(("name", "content", "words"), REFUSED)
def test_what_is_no_document_is_refused_with_a_reason(editor, settings, name, content, words):
    answer = hand_in(editor, name, content)

    assert answer.status_code == 422
    assert words in answer.text
    assert staging.waiting_files(settings) == frozenset()


@pytest.mark.parametrize(
    "name", ["../../keys/admit.pdf", "/abs/x.pdf", "..\\x.pdf", "a/b/样.pdf", "\u202efdp.pdf", "𠮷.pdf"]
)
def test_a_name_leads_nowhere_but_into_the_units_own_folder(editor, settings, name):
    assert hand_in(editor, name, PDF).status_code == 303

    [path] = staging.waiting_files(settings)
    assert staging.PLACE.fullmatch(path)
    assert path.startswith("files/tax/")
    assert (staging.folder(settings) / path).read_bytes() == PDF


def test_two_files_of_one_name_are_two(editor, settings):
    for content in (PDF, PDF + b"2"):
        hand_in(editor, "样表.pdf", content)

    assert len(staging.waiting_files(settings)) == 2


@pytest.mark.parametrize("second", ["样表.pdf", "样 表.PDF", "样表.png"])
def test_a_second_file_of_one_name_leaves_the_first_as_it_is(editor, settings, second):
    png = b"\x89PNG\r\n\x1a\n"
    hand_in(editor, "样表.pdf", PDF)
    [first] = staging.waiting_files(settings)

    hand_in(editor, second, png if second.endswith("png") else PDF + b"2")

    assert (staging.folder(settings) / first).read_bytes() == PDF
    assert len({path.rpartition(".")[0] for path in staging.waiting_files(settings)}) == 2


def test_a_name_that_is_public_already_is_not_given_again(editor, settings, desk_pages):
    public = desk_pages / "files/tax/yang-biao.pdf"
    public.parent.mkdir(parents=True)
    public.write_bytes(PDF)

    hand_in(editor, "样表.pdf", PDF + b"2")

    assert staging.waiting_files(settings) == {"files/tax/yang-biao-2.pdf"}
    assert public.read_bytes() == PDF


def test_one_name_handed_in_by_many_at_once_and_by_another_process_is_kept_for_each(settings, monkeypatch):
    """Another process has taken names that this one has not seen."""
    monkeypatch.setattr(staging, "files_of", lambda _settings, _unit: [])
    contents = [PDF + str(number).encode() for number in range(12)]

    def one(content):
        return staging.hand_in(settings, unit="tax", name="样表.pdf", content=content)

    with ThreadPoolExecutor(6) as many:
        paths = list(many.map(one, contents))

    assert len(set(paths)) == 12
    assert [(staging.folder(settings) / path).read_bytes() for path in paths] == contents


def test_a_file_too_heavy_is_said(editor, app, settings):
    app.config["SETTINGS"] = replace(settings, file_limit_mib=0)

    answer = hand_in(editor, "大.pdf", PDF)

    assert answer.status_code == 413
    assert "文件太大" in answer.text


def test_the_office_has_no_unit_to_hand_in_for(office):
    assert office.get("/desk/files").status_code == 403
