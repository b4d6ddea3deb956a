"""Prepared answers: a start for the clerk, never what a citizen gets."""

from dataclasses import replace

import pytest

from survey_app.domain.blanks import BlankLeft
from survey_app.domain.errors import BadInput
from survey_app.publishing.answertexts import FILE, NotEdited, answer_texts, require_edited

KINDS = ("question", "complaint", "suggestion", "bad_rating")


def test_every_kind_of_case_has_a_text_to_begin_with_and_none_is_ready_to_send(settings):
    for kind in KINDS:
        texts = answer_texts(settings, kind)
        assert texts, kind
        for text in texts:
            with pytest.raises(NotEdited):
                require_edited(f"\n {text.words}\r\n", texts)


def test_a_text_with_one_place_left_is_refused_and_a_written_one_goes(settings):
    texts = answer_texts(settings, "suggestion")
    [taken] = [text for text in texts if text.code == "taken-up"]
    half = taken.words.replace("【请写采纳了什么】", "大厅加一台饮水机")
    whole = half.replace("【请写哪天】", "11月9日")

    with pytest.raises(BlankLeft, match="请写哪天"):
        require_edited(half, texts)
    require_edited(whole, texts)
    require_edited("您好，可以办。", texts)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("format = 1\n[[text]]\ncode = 'a'\n", "读不懂"),
        ("这不是TOML", "读不懂"),
        ("[[text]]\ncode='a'\nkinds=['question']\nzh='甲'\nen='A'\nwords='您好。'\n", "没有要写的地方"),
    ],
)
def test_a_file_of_another_shape_says_what_is_wrong(settings, tmp_path, written, said):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / FILE).write_text(written, "utf-8")

    with pytest.raises(BadInput, match=said):
        answer_texts(replace(settings, home=tmp_path), "question")
