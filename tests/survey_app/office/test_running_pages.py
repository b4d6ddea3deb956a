"""A running round: counts alone for everybody, and changes that the public reads at once with their reason."""

import itertools
import re
import tomllib
from datetime import date

import pytest

from survey_app.domain import roles
from survey_app.domain.rounds import RoundClosed, RoundPaused, RoundVoid, UnitNotRated
from survey_app.office import progress_drawn, roundpage
from survey_app.office import rounds as office
from survey_app.office.progress import Count, Progress
from survey_app.store import audit, ballots, batches, paper, rounds
from tests.factories import cast, make_codes

PAGE = "/office/rounds/2026-h2"
WHY = "街道两委换届，工作停了三天"


@pytest.fixture
def officer(open_round, signed_in):
    return signed_in("round_officer")


def public(settings):
    return (settings.pages / "results" / "2026-h2" / "index.md").read_text("utf-8")


def refused(answer, words):
    [said] = re.findall(r'role="alert" id="problem"[^>]*><p>(.*?)</p>', answer.text, re.DOTALL)
    return words in said


def planted(keys, clock):
    """111 ballots for the tax hall, 47 of level 4 (80 points, satisfied) and 64 of level 2 (30 points)."""
    codes = make_codes(keys, clock, count=111)
    for number, code in enumerate(codes):
        level = 4 if number < 47 else 2
        cast(keys, clock, code, answers={"attitude": level, "efficiency": level, "overall": level})
    return codes


# Counts


def test_the_page_counts_codes_by_unit_group_and_channel_and_ballots_by_week(officer, keys, clock):
    for code in make_codes(keys, clock, count=12, unit_slug="tax", channel="window")[:5]:
        cast(keys, clock, code)
    make_codes(keys, clock, count=11, group="enterprise", unit_slug="water", channel="paper")

    page = officer.get(PAGE).text
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>((?:<td class="p-num">.*?</td>)+)</tr>', page)
    told = [(name, re.findall(r">([^<]*)</td>", cells)) for name, cells in rows]
    assert ("群众", ["–", "12", "5", "41.7%"]) in told
    assert ("企业", ["–", "11", "0", "0.0%"]) in told
    assert ("窗口二维码", ["12", "5", "41.7%"]) in told
    assert ("办税服务厅", ["–", "12", "5", "41.7%"]) in told
    assert ("供水服务厅　企业", ["40", "11", "0", "0.0%"]) in told
    assert "评议码发了23个，用了5个；票箱里有5张" in page
    assert "2026年11月2日起的一周：5张" in page
    assert drawn(page)["群众"] == ("发12，用5", [("issued", "100"), ("used", "41.67")])
    assert drawn(page)["办税服务厅"] == ("发12，用5", [("issued", "100"), ("used", "41.67")])
    assert drawn(page)["纸质征求意见卡"] == ("发11，用0", [("issued", "100")])
    assert drawn(page)["企业"] == ("发11，用0", [("issued", "100")])
    assert "发了11张，收回录过0张" in page
    behind = re.search(r'id="behind".*?</ul>', page, re.DOTALL)[0]
    assert [name for name in ("办税服务厅", "供水服务厅", "无关单位") if name in behind] == [
        "办税服务厅",
        "供水服务厅",
        "无关单位",
    ]


def drawn(page):
    """Name of a bar -> its figures, and its pieces with their widths."""
    found = re.findall(r"<li><b>(.*?)</b><span>(.*?)</span><svg.*?>(.*?)</svg></li>", page, re.DOTALL)
    pieces = r'<rect class="c-(\w+)" x="0%" width="([\d.]+)%"'
    return {name: (words, re.findall(pieces, svg)) for name, words, svg in found}


def test_used_and_issued_are_drawn_within_the_plan_and_a_week_without_a_ballot_has_its_place():
    found = progress_drawn.drawn(
        Progress(
            total=Count("", 12, 5),
            by_unit=[Count("甲", 12, 5, planned=40), Count("乙", 0, 0), Count("丙", 0, 0, planned=9)],
            by_group=[Count("群众", 12, 5)],
            by_channel=[],
            composition=[],
            by_week=[(date(2026, 11, 2), 4), (date(2026, 11, 16), 1)],
            cards={},
        )
    )
    assert [(bar.row.name, [(part.kind, part.width) for part in bar.parts]) for bar in found["by_unit"]] == [
        ("甲", [("planned", "100"), ("issued", "30"), ("used", "12.5")]),
        ("丙", [("planned", "100")]),
    ]
    assert [(bar.row, [part.width for part in bar.parts]) for bar in found["by_week"]] == [
        ((date(2026, 11, 2), 4), ["100"]),
        ((date(2026, 11, 9), 0), []),
        ((date(2026, 11, 16), 1), ["25"]),
    ]


def test_of_more_than_thirty_units_the_ten_whose_codes_are_used_least_are_drawn():
    units = [Count(f"第{used}局", 40, used) for used in range(40, 9, -1)]
    counts = Progress(Count("", 0, 0), units, [], [], [], [], {})
    assert [bar.row.used for bar in progress_drawn.drawn(counts)["by_unit"]] == list(range(10, 20))


# No figure of an answer, for anybody

FIGURES = ("51.2", "51.17", "42.3", "57.7", "57.66")  # score (3760 + 1920) / 111, satisfied 47 / 111, its complement
COUNTS = re.compile(r">\s*(?:47|64)\s*<")  # ballots of level 4 and of level 2: no count of codes or ballots is either


def addresses(app):
    """Every address without a body, its places filled with what the sample round has."""
    filled = {
        "round_code": ["2026-h2"],
        "unit_slug": ["tax"],
        "procedure_slug": ["none"],
        "number": ["1"],
        "name": ["facts", "pages.css"],
        "path": ["", "results/2026-h2/"],
    }
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods:
            for values in itertools.product(*(filled.get(name, ["1"]) for name in sorted(rule.arguments))):
                with app.test_request_context():
                    yield app.url_for(rule.endpoint, **dict(zip(sorted(rule.arguments), values, strict=True)))


def test_no_page_of_any_role_tells_a_figure_made_of_answers(officer, app, signed_in, keys, clock, settings):
    planted(keys, clock)
    roundpage.republish("2026-h2", settings)
    found, seen = [], 0
    for role in [None, *roles.ROLES]:
        client = signed_in(role) if role else app.test_client()
        for address in sorted(set(addresses(app))):
            answer = client.get(address)
            if answer.status_code == 200 and "text/html" in answer.content_type:
                seen += 1
                found += [(role, address, word) for word in FIGURES if word in answer.text]
                found += [(role, address, word) for word in COUNTS.findall(answer.text)]
    assert seen > 100
    assert found == []
    assert "111" in officer.get(PAGE).text  # how many, everybody who works here may know


# Changes with a reason


def test_a_later_day_takes_ballots_and_stands_in_public_with_its_reason(officer, keys, clock, settings):
    code = make_codes(keys, clock)[0]
    assert officer.post(f"{PAGE}/extend", data={"until": "2026-12-15", "reason": WHY + "。"}).status_code == 303

    said = f"截止日期由2026年11月30日延长到2026年12月15日。原因：{WHY}"
    assert said in public(settings)
    assert "closes_on: '2026-12-15'" in public(settings).replace('"', "'")
    clock.later(days=38)
    cast(keys, clock, code)
    clock.later(days=5)
    with pytest.raises(RoundClosed):
        cast(keys, clock, code, unit="water")
    assert rounds.get_round("2026-h2").amendments == ({"on": "2026-11-03", "text": said},)


@pytest.mark.parametrize("until", ["2026-11-30", "2026-11-01", ""])
def test_a_day_that_is_not_later_changes_nothing(officer, open_round, until):
    answer = officer.post(f"{PAGE}/extend", data={"until": until, "reason": WHY})
    assert answer.status_code == 422
    assert rounds.get_round("2026-h2") == open_round


def test_while_paused_nobody_rates_and_everybody_reads_why_then_the_same_code_works(officer, keys, clock, settings):
    code = make_codes(keys, clock)[0]
    officer.post(f"{PAGE}/pause", data={"reason": WHY})
    assert f"paused: {WHY}" in public(settings)
    with pytest.raises(RoundPaused, match=WHY):
        cast(keys, clock, code)
    twice = officer.post(f"{PAGE}/pause", data={"reason": WHY})
    assert (twice.status_code, refused(twice, "已经暂停了")) == (409, True)

    officer.post(f"{PAGE}/resume", data={"reason": "换届结束，恢复办公"})
    assert "paused" not in public(settings)
    cast(keys, clock, code)
    assert [one["text"][:4] for one in rounds.get_round("2026-h2").amendments] == ["暂停评议", "恢复评议"]
    actions = [(event.actor, event.action) for event in audit.list_events(audit.Wanted(action="round"))]
    assert actions == [("round-officer", "round.resume"), ("round-officer", "round.pause")]


def test_a_unit_listed_by_mistake_is_rated_no_more_and_its_ballots_stay_sealed(officer, keys, clock, settings):
    codes = make_codes(keys, clock)
    for code in codes[:3]:
        cast(keys, clock, code)
        cast(keys, clock, code, unit="water")
    form = {"unit": "water", "reason": WHY}
    assert refused(officer.post(f"{PAGE}/void-unit", data=form), "我确认")
    officer.post(f"{PAGE}/extend", data={"until": "2026-12-05", "reason": WHY})
    officer.post(f"{PAGE}/void-unit", data={**form, "confirmed": "y"})

    with pytest.raises(UnitNotRated):
        cast(keys, clock, codes[4], unit="water")
    assert "“供水服务厅”列错了" in public(settings)
    assert "供水服务厅" not in re.search(r'id="by-unit".*', officer.get(PAGE).text, re.DOTALL)[0].split("</table>")[0]
    clock.later(days=40)
    folder = office.close_round(
        "2026-h2", key_copy=settings.keys / "2026-h2.key", reason=None, settings=settings, now=clock()
    )
    facts = tomllib.loads((folder / "snapshot" / "round.toml").read_text("utf-8"))
    assert [unit["slug"] for unit in facts["unit"]] == ["noise", "tax"]
    lines = (folder / "snapshot" / "ballots.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["tax"] * 3
    assert [one["text"][:9] for one in facts["amendment"]] == ["截止日期由2026", "“供水服务厅”列错"]
    assert facts["closes_on"].isoformat() == "2026-12-05"


def test_a_paper_card_of_a_void_unit_does_not_keep_the_round_from_closing(officer, keys, clock, settings):
    [code, *_] = make_codes(keys, clock, channel="paper", unit_slug="water")
    round_ = rounds.get_round("2026-h2")
    for clerk in ("zhou", "wu"):
        paper.enter_card(
            round_=round_, code=code, unit_slug="", answers={"overall": 4}, keys=keys, by=clerk, today=clock.today
        )
    officer.post(f"{PAGE}/void-unit", data={"unit": "water", "reason": WHY, "confirmed": "y"})
    clock.later(days=40)
    office.close_round("2026-h2", key_copy=settings.keys / "2026-h2.key", reason=None, settings=settings, now=clock())
    assert ballots.count_ballots("2026-h2") == 0


def test_a_void_round_takes_no_ballot_shows_why_and_is_never_closed(officer, keys, clock, settings):
    code = make_codes(keys, clock)[0]
    cast(keys, clock, code)
    officer.post(f"{PAGE}/void", data={"reason": WHY, "confirmed": "y"})

    with pytest.raises(RoundVoid):
        cast(keys, clock, code, unit="water")
    assert "status: void" in public(settings)
    assert f"这一轮作废，收到的票不打开，不出结果。原因：{WHY}" in public(settings)
    assert officer.post(f"{PAGE}/void", data={"reason": WHY, "confirmed": "y"}).status_code == 409
    with pytest.raises(office.rounds.IllegalMove):
        office.close_round(
            "2026-h2", key_copy=settings.keys / "2026-h2.key", reason=None, settings=settings, now=clock()
        )
    assert rounds.get_round("2026-h1").status == "open"


def test_a_void_batch_stands_on_the_public_page_at_once(officer, signed_in, keys, clock, settings):
    make_codes(keys, clock, count=12)
    [batch] = batches.ledger("2026-h2")
    signed_in("issuer").post("/office/codes/2026-h2/void", data={"label": batch.label, "reason": "印错"})
    assert f"第{batch.label}批评议码作废12个。原因：印错" in public(settings)


@pytest.mark.parametrize("step", ["extend", "pause", "resume", "void-unit", "void"])
def test_a_change_asks_for_a_reason_and_for_the_round_officer(officer, open_round, signed_in, step):
    form = {"until": "2026-12-15", "unit": "water", "confirmed": "y"}
    for reason in ("", "  。 ", "因故"):
        assert refused(officer.post(f"{PAGE}/{step}", data={**form, "reason": reason}), "请写明理由")
    for role in ("auditor", "reviewer", "issuer", "administrator"):
        assert signed_in(role).post(f"{PAGE}/{step}", data={**form, "reason": WHY}).status_code == 403
    assert rounds.get_round("2026-h2") == open_round
