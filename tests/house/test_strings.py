"""What people read: Chinese is the source, the English catalogue is complete and current."""

import io
import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

HOME = Path(__file__).resolve().parents[2]
ENGLISH = HOME / "survey_app" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "N_": None, "say": None}
PLACES = re.compile(r"%\(\w+\)[-.\d]*[a-z]")


@pytest.fixture(scope="module")
def source_texts() -> set[str]:
    found = extract_from_dir(str(HOME / "survey_app"), METHODS, keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


@pytest.fixture(scope="module")
def english() -> Catalog:
    return read_po(io.BytesIO(ENGLISH.read_bytes()), locale="en", abort_invalid=True)


def test_every_source_text_has_its_english(source_texts, english):
    assert len(source_texts) > 150
    assert sorted(text for text in source_texts if not (english.get(text) and english[text].string)) == []


def test_the_catalogue_holds_nothing_that_nobody_says(source_texts, english):
    assert sorted(message.id for message in english if message.id and message.id not in source_texts) == []


def test_no_translation_is_a_guess(english):
    assert [message.id for message in english if message.id and message.fuzzy] == []


def test_the_header_stands_for_without_it_compiling_skips_the_whole_file_in_silence(english):
    assert not english.fuzzy
    assert b"Content-Type: text/plain; charset=utf-8" in ENGLISH.read_bytes()


def test_each_translation_fills_the_same_places(english):
    differing = [m.id for m in english if m.id and set(PLACES.findall(m.id)) != set(PLACES.findall(m.string))]

    assert differing == []


def test_no_english_text_is_left_in_chinese(english):
    assert [m.id for m in english if m.id and re.search(r"[\u4e00-\u9fff]", m.string) and m.id != "中文"] == []


def test_source_texts_avoid_the_words_we_do_not_use(source_texts):
    banned = re.compile(r"请勿|非法|无效操作|系统异常|温馨提示|令牌|哈希|！|点击这里")

    assert sorted(text for text in source_texts if banned.search(text)) == []
