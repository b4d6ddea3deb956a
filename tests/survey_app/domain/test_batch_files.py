"""The issuer's file and the tags file: exact both ways, refused as soon as one sign differs."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import batches, codes
from survey_app.domain.batches import Kit, Scope, TaggedBatch, Terms
from survey_app.domain.rounds import Named

KEY = bytes([0x11]) * 32
TERMS = Terms(
    round_code="2026-h2",
    round_name="2026年下半年群众评议",
    closes_on="2026-11-30",
    min_n=10,
    groups=(Named("citizen", "群众"), Named("enterprise", "企业")),
    channels=("invited", "paper", "phone", "web", "window"),
    units=(("tax", "办税服务厅"), ("water", "供水服务厅")),
    dimensions=(Named("attitude", "服务态度"),),
    address="https://pingyi.example/",
)
TEXT = batches.tags_text(TaggedBatch("2026-h2", "7KQ4", Scope("citizen", "window"), (bytes(32), bytes([1]) * 32)), KEY)
words = st.text(max_size=20).filter(lambda text: text.isprintable())


def test_the_issuers_file_is_read_back_exactly():
    kit = Kit(TERMS, KEY)
    assert batches.read_kit(batches.kit_text(kit), file="h2.json") == kit


@given(st.lists(st.binary(min_size=32, max_size=32), unique=True, max_size=30), words, words, words)
def test_any_batch_is_read_back_exactly_with_its_own_key_and_refused_with_any_other(tags, group, channel, unit):
    batch = TaggedBatch("2026-h2", "7KQ4", Scope(group, channel, unit), tuple(sorted(tags)))
    text = batches.tags_text(batch, KEY)
    assert batches.read_tags(text, KEY, file="t") == batch
    with pytest.raises(batches.TagsAltered):
        batches.read_tags(text, bytes(32), file="t")


@given(st.integers(0, len(TEXT) - 1), st.sampled_from('0aZ"{}[],: \n你'))
def test_a_tags_file_with_one_other_sign_gives_the_same_batch_or_is_refused(place, sign):
    altered = TEXT[:place] + sign + TEXT[place + 1 :]
    try:
        read = batches.read_tags(altered, KEY, file="t")
    except (batches.TagsAltered, batches.TagsUnreadable):
        return
    assert read == batches.read_tags(TEXT, KEY, file="t")


@given(st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_whatever_else_is_handed_in_is_refused_by_name(text):
    for read, refusal in (
        (lambda: batches.read_kit(text, file="给我.json"), batches.KitUnreadable),
        (lambda: batches.read_tags(text, KEY, file="给我.json"), batches.TagsUnreadable),
        (lambda: batches.round_of_tags(text, file="给我.json"), batches.TagsUnreadable),
    ):
        with pytest.raises(refusal, match=r"给我\.json"):
            read()


def resealed(**changes):
    """A file with changed content and a seal that fits it, as only the issuer could make."""
    content = json.loads(TEXT)
    seal = content.pop("seal")
    assert batches._seal(content, KEY) == seal
    content |= changes
    return json.dumps({**content, "seal": batches._seal(content, KEY)})


@pytest.mark.parametrize(
    "changes",
    [
        {"tags": ["00" * 32, "00" * 32]},
        {"tags": ["01" * 32, "00" * 32]},
        {"tags": ["00" * 31]},
        {"tags": ["zz" * 32]},
        {"tags": {}},
        {"label": "7KQ"},
        {"label": "0000"},
        {"more": 1},
        {"format": "pingyi-tags-v2"},
    ],
)
def test_a_file_that_is_sealed_and_not_as_it_should_be_is_refused_too(changes):
    with pytest.raises(batches.TagsUnreadable):
        batches.read_tags(resealed(**changes), KEY, file="t")


@pytest.mark.parametrize("without", ["issue_key", "groups", "units", "min_n", "format"])
def test_an_issuers_file_that_lacks_something_is_refused(without):
    content = json.loads(batches.kit_text(Kit(TERMS, KEY)))
    content.pop(without)
    with pytest.raises(batches.KitUnreadable):
        batches.read_kit(json.dumps(content), file="h2.json")


def test_the_tags_of_a_made_batch_are_those_of_its_codes_in_an_order_that_tells_nothing():
    made = batches.make_batch(TERMS, Scope("citizen", "window", "tax"), 50)
    tagged = batches.tagged(made, round_code="2026-h2", issue_key=KEY)
    assert len(set(made.codes)) == 50
    expected = {codes.code_tag(KEY, round_code="2026-h2", code=code) for code in made.codes}
    assert tagged.tags == tuple(sorted(expected))
    assert not [code for code in made.codes if code in batches.tags_text(tagged, KEY)]


def test_a_label_is_four_signs_that_are_never_mistaken_for_others():
    labels = {batches.new_label() for _ in range(500)}
    assert all(batches.is_label(label) for label in labels)
    assert len(labels) > 490
    assert not [text for text in ("", "7KQ", "7KQ44", "7kq4", "7KQ0") if batches.is_label(text)]


def test_terms_are_frozen_into_the_file_and_a_stranger_group_or_unit_is_refused():
    with pytest.raises(batches.GroupUnknown, match="citizen、enterprise"):
        batches.make_batch(TERMS, Scope("villager", "window"), 10)
    with pytest.raises(batches.BatchTooSmall):
        batches.make_batch(replace(TERMS, min_n=20), Scope("citizen", "window"), 19)
