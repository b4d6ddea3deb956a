"""Charts: real text, a title and a description, nothing told by colour alone."""

from xml.etree import ElementTree

from .conftest import EVIL, Folder, ballots, round_data, run


def test_the_chart_has_real_text_a_title_and_a_description(varied):
    svg = ElementTree.fromstring((varied / "release" / "charts" / "scores-window.svg").read_bytes())  # noqa: S314
    name = "{http://www.w3.org/2000/svg}"
    assert [child.tag for child in svg[:2]] == [f"{name}title", f"{name}desc"]
    texts = [node.text for node in svg.iter(f"{name}text")]
    assert "不动产登记中心" in texts
    assert EVIL in texts


def test_two_units_of_one_name_have_a_row_each_in_the_chart(folder: Folder):
    units = [{"slug": slug, "zh": "便民中心", "class": "window"} for slug in ("east", "west")]
    made = folder(ballots({(s, "citizen", "5", "4"): 12 for s in ("east", "west")}), facts=round_data(units))
    assert run("compute", made).exit_code == 0
    svg = (made / "release" / "charts" / "scores-window.svg").read_text(encoding="utf-8")
    assert "便民中心（east）" in svg
    assert "便民中心（west）" in svg
