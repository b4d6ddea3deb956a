"""What is printed: read back from the PDF by another program."""

import shutil
import subprocess
from dataclasses import replace

import pytest

from survey_app.domain import scale
from survey_app.domain.batches import Scope, make_batch
from survey_app.domain.codes import spoken
from survey_app.domain.rounds import Named
from survey_app.office.cards import cards_pdf, words_of
from survey_app.office.gateway import gateway_csv, messages
from survey_app.office.questionnaire import questionnaire_pdf
from survey_app.publishing.outputs import qr
from tests.survey_app.domain.test_batch_files import TERMS

ASKED = ["attitude", "efficiency", "lawful", "openness", "integrity", "style", "promise", "overall"]
EIGHT = replace(TERMS, dimensions=tuple(Named(code, scale.DIMENSIONS[code]) for code in ASKED))


def pages_of(pdf, tmp_path):
    """The text of each page, as poppler reads it."""
    assert shutil.which("pdftotext"), "poppler is needed: apt install poppler-utils"
    (tmp_path / "x.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "x.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode().rstrip("\f").split("\f")


def test_eight_cards_stand_on_a_sheet_each_with_its_own_code(tmp_path):
    made = make_batch(TERMS, Scope("citizen", "window", "tax"), 20)
    pages = pages_of(cards_pdf(TERMS, made), tmp_path)

    assert [sum(page.count(spoken(code)) for code in made.codes) for page in pages] == [8, 8, 4]
    assert "".join(pages).count("请评议：办税服务厅") == 20
    for words in ("回家再评也可以", "pingyi.example/r", f"第{made.label}批", "12388"):
        assert "".join(pages).replace(" ", "").count(words) == 20


def test_cards_of_any_unit_say_so_and_cards_of_interviewers_too():
    anywhere = words_of(TERMS, make_batch(TERMS, Scope("enterprise", "invited"), 10))
    calls = words_of(TERMS, make_batch(TERMS, Scope("citizen", "phone", "tax"), 10))
    assert (anywhere.title, "每个单位评一次" in anywhere.foot) == ("请评议您办过事的单位", True)
    assert "电话访问用" in calls.round_line
    assert "到11月30日为止" in calls.foot


def test_the_same_batch_gives_the_same_bytes_and_no_clock():
    made = make_batch(TERMS, Scope("citizen", "window"), 10)
    assert cards_pdf(TERMS, made) == cards_pdf(TERMS, made)
    assert questionnaire_pdf(EIGHT, made) == questionnaire_pdf(EIGHT, made)


def test_the_questionnaire_holds_every_question_and_level_with_the_digit_a_clerk_types(tmp_path):
    made = make_batch(EIGHT, Scope("citizen", "paper", "water"), 11)
    pages = pages_of(questionnaire_pdf(EIGHT, made), tmp_path)

    assert [sum(page.count(spoken(code)) for code in made.codes) for page in pages] == [2] * 5 + [1]
    text = "".join(pages).replace(" ", "")
    for word in (
        *(named.zh for named in EIGHT.dimensions),
        *(f"{level}{word}" for level, word in scale.LEVELS.items()),
    ):
        assert text.count(word) >= 11, word


def test_a_long_questionnaire_has_a_sheet_of_its_own(tmp_path):
    ten = replace(EIGHT, dimensions=tuple(Named(f"q{n}", f"第{n}问") for n in range(1, 11)))
    made = make_batch(ten, Scope("citizen", "paper"), 10)
    pages = pages_of(questionnaire_pdf(ten, made), tmp_path)
    assert len(pages) == 10
    assert "写单位名称" in pages[0]
    assert "第10问" in pages[0].replace(" ", "")


def test_no_picture_of_a_code_stays_in_the_servers_memory():
    before = (qr.matrix.cache_info().currsize, qr.strokes.cache_info().currsize)
    cards_pdf(TERMS, make_batch(TERMS, Scope("citizen", "window"), 10))
    assert (qr.matrix.cache_info().currsize, qr.strokes.cache_info().currsize) == before
    assert qr.secret_code("https://pingyi.example/r#X") == (
        len(qr.matrix("https://pingyi.example/r#X")), qr.strokes("https://pingyi.example/r#X"),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "@SUM", "办税,“厅”\n二"])
def test_a_message_holds_its_code_once_and_is_never_a_formula(name):
    terms = replace(TERMS, units=(("tax", name),), round_name=name)
    made = make_batch(terms, Scope("citizen", "invited", "tax"), 10)
    said = messages(terms, made)
    assert [message.count(spoken(code)) for message, code in zip(said, made.codes, strict=True)] == [1] * 10
    text = gateway_csv(terms, made).decode("utf-8")
    assert text.startswith("\ufeff短信内容\r\n")
    assert not [line for line in text.splitlines() if line[:1] in "=+-@" and line]
