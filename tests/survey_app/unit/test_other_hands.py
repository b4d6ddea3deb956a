"""A hostile editor tries every address of the desk and the office on what is another unit's: nothing shows, nothing
moves. Addresses come from the app itself, so a new one is tried too."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from survey_app.domain import revisions as rules
from survey_app.publishing import staging
from survey_app.publishing.revisions import revising
from survey_app.publishing.tables import uploads
from survey_app.publishing.tables.columns import main_sheet
from survey_app.store import page_versions
from survey_app.store import revisions as store
from survey_app.store.database import database
from tests.pages.tables import plan_of, said, workbook
from tests.survey_app.unit.pages import NOTICE, form_of, put, read

HIDDEN = "还没有公布的价格"
THEIRS = "units/water/procedures/baozhuang"
THEIR_NOTICE = "notices/2026-10-12-tingshui"
PATHS = [THEIRS, "units/water/index", THEIR_NOTICE, "disclosure/items/shuijia", "index"]
ITEM = {"kind": "disclosure_item", "title": "水价", "number": 3, "unit": "water", "level1": "收费", "content": "水价"}
ITEM |= {"basis": "条例", "time_limit": "20个工作日", "channels": ["政府网站"], "audience": "全社会", "method": "主动"}
ITEM |= {"levels": ["县"], "cadence": "长期公开"}
FORGED = {
    "reason": "看看", "do": "submit", "version": "1", "unit": "water", "unit_slug": "water", "title": "改写",
    "verdict": "ok",
    "mine": json.dumps({"kind": "procedure", "title": "改写"}), "side-title": "mine", "seen": "", "base": "",
    "number": "1号", "window": "0", "name": "1号", "state": "out", "digest": "?", "revision": "1:1", "step": "rename",
    "supersedes": "2026-10-12-tingshui", "place": "三楼",
}  # fmt: skip


def drafted(client, title, do="save"):
    """A new procedure of the unit's own with a secret in it."""
    client.post("/desk/new/procedure", data={"title": title})
    [number] = [r.number for r in store.listed(states=["draft"]) if r.title == title]
    address = f"/desk/revision/{number}"
    client.post(address, data={**form_of(client.get(address)), "scope": HIDDEN, "do": do})
    return number


@pytest.fixture
def theirs(desk_pages, signed_in, settings, clock):
    """What the water hall has under way: a draft, a paper put away, one that waits, a file, a table; and its pages."""
    put(desk_pages, f"{THEIR_NOTICE}.md", {**NOTICE, "unit": "water", "index_no": "W-1", "published_on": "2026-10-12"})
    put(desk_pages, "disclosure/items/shuijia.md", ITEM)
    other = signed_in("unit_editor", "water")
    numbers = [drafted(other, "调价"), drafted(other, "旧稿")]
    other.post(f"/desk/revision/{numbers[1]}/discard")
    other.post(f"/desk/withdraw/{THEIR_NOTICE}", data={"reason": HIDDEN})
    numbers.append(store.waiting()[0].number)
    page = revising.require_page(settings, "units/water/index.md", clock())
    made = revising.proposal(page, {**page.data, "title": "水务厅"}, note=HIDDEN)
    numbers.append(store.act(proposal=made, target_digest="", second_wanted=True, by="li", now=clock()).number)
    file = staging.hand_in(settings, unit="water", name="水价.txt", content=HIDDEN.encode())
    for path in PATHS:
        revising.look(settings, f"{path}.md", clock())
    table = workbook(desk_pages.parent / "w.xlsx", 办事指南=[["单位", "事项名称"], ["供水服务厅", HIDDEN]]).read_bytes()
    sent = {"files": [(io.BytesIO(table), "w.xlsx")]}
    other.post("/desk/tables/upload", data=sent, content_type="multipart/form-data")
    [name] = [place.name for place in uploads.folder_of(settings).glob("*")]
    version = page_versions.of_page(f"{THEIRS}.md")[0].number
    return {"numbers": numbers, "version": version, "file": file, "name": name}


def everything(settings) -> dict[str, object]:
    """Every revision, every text noted, every file outside the database."""
    rows = {t: database.execute_sql(f"SELECT * FROM {t}").fetchall() for t in ("revision", "page_version")}  # noqa: S608
    return {**rows, **{str(file): file.read_bytes() for file in files_below(settings.var)}}


def files_below(var: Path) -> list[Path]:
    return [f for f in var.rglob("*") if f.is_file() and ".sqlite" not in f.name and f.suffix not in (".lock", ".json")]


def addresses(app, theirs, method):
    """Every address below /desk that takes something of another's, with what is the water hall's put in."""
    wanted = {"number": theirs["numbers"], "path": PATHS, "name": [theirs["name"]], "unit_slug": ["water"]}
    wanted |= {"round_code": ["2026-h2"]}
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/desk") or method not in rule.methods or not rule.arguments:
            continue
        if rule.endpoint in ("desk.pages", "desk.new_page"):
            continue  # these name a kind; tried below
        first = next(name for name in ("number", "name", "unit_slug", "round_code", "path") if name in rule.arguments)
        values = [theirs["version"]] if rule.endpoint == "desk.restore" else wanted[first]
        for value in values:
            rest = {"path": theirs["file"]} if "path" in rule.arguments and first != "path" else {}
            rest |= {"name": theirs["name"]} if "name" in rule.arguments and first != "name" else {}
            yield rule.build({first: value, **rest}, append_unknown=False)[1]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_address_is_closed_to_another_units_editor(app, editor, theirs, settings, method):
    before, tried = everything(settings), list(addresses(app, theirs, method))

    answers = {}
    for address in tried:
        how = {"data": dict(FORGED)} if method == "POST" else {}
        answer = getattr(editor, method.lower())(address, **how)
        answers[address] = answer.status_code
        assert HIDDEN not in answer.text, address

    assert len(tried) >= 25
    assert {address: status for address, status in answers.items() if status not in (403, 404)} == {}
    assert everything(settings) == before


def test_the_pages_of_ones_own_desk_tell_nothing_of_anothers(app, editor, theirs):
    own = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk") and not rule.arguments]
    lists = [f"/desk/{room}/{kind}" for room in ("list", "new") for kind in ("procedure", "notice", "unit", "home")]

    for address in [*own, *lists, "/desk/list/procedure?q=调价", "/desk/tables/export?unit=water&format=csv"]:
        answer = editor.get(address, follow_redirects=True)
        shown = answer.text if answer.mimetype == "text/html" else words_in(answer.data)
        assert HIDDEN not in shown, address
        assert "用水报装" not in shown, address
        assert "调价" not in shown.replace('value="调价"', ""), address


def words_in(archive: bytes) -> str:
    """All that stands in a workbook, or in the tables of a zip file."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def test_without_the_forms_token_nothing_moves_even_for_its_own_editor(app, theirs, signed_in, settings):
    own = signed_in("unit_editor", "water")
    before = everything(settings)

    for address in addresses(app, theirs, "POST"):
        assert own.post_without_token(address, data=dict(FORGED)).status_code in (400, 403), address

    assert everything(settings) == before


def test_an_editor_without_a_unit_that_is_there_reaches_nothing(app, signed_in, theirs, settings):
    stranger, before = signed_in("unit_editor", "no-such"), everything(settings)

    for method in ("GET", "POST"):
        for address in addresses(app, theirs, method):
            how = {"data": dict(FORGED)} if method == "POST" else {}
            assert getattr(stranger, method.lower())(address, **how).status_code in (403, 404), address

    assert everything(settings) == before


def test_another_units_item_is_not_taken_over_by_naming_its_page_in_a_table(desk_pages, theirs, tmp_path):
    head = [main_sheet("disclosure_item").column(key).title for key in ("@unit", "title", "@slug", "number")]
    rows = [head, ["办税服务厅", "我的了", "shuijia", 3]]

    plan = plan_of(desk_pages, workbook(tmp_path / "a.xlsx", 公开事项=rows), unit="tax")

    assert plan.pages == []
    assert any("别的单位" in words for _row, _column, words in said(plan))
    assert read(desk_pages, "disclosure/items/shuijia.md") == ITEM


# ---- one's own papers, at the wrong moment


@pytest.mark.parametrize("step", ["take-back", "discard", "bring-back"])
@pytest.mark.parametrize("state", [rules.APPROVED, rules.PUBLISHED])
def test_what_is_decided_cannot_be_moved_any_more(editor, clock, settings, step, state):
    address = "/desk/page/units/tax/procedures/wanshui"
    editor.post(address, data={**form_of(editor.get(address)), "place": "二楼", "do": "submit"})
    how = {"by": "li", "roles": {"publicity"}, "words": "", "pass_on": False, "now": clock(), "today": clock.today}
    [waiting] = store.waiting()
    revising.approve(settings, revision=waiting, **how)
    if state == rules.PUBLISHED:
        revising.mark_published([waiting.number], clock())
    decided = store.get(waiting.number)

    answer = editor.post(f"/desk/revision/{waiting.number}/{step}")

    assert answer.status_code == 409
    assert store.get(waiting.number) == decided


def test_forms_sent_twice_do_their_work_once(editor):
    address = "/desk/page/units/tax/procedures/wanshui"
    sent = {**form_of(editor.get(address)), "place": "二楼", "do": "submit"}

    first, again = (editor.post(address, data=sent) for _ in range(2))
    withdrawn = [editor.post("/desk/withdraw/notices/2026-10-09-tingshui", data={"reason": "错"}) for _ in range(2)]

    assert (first.status_code, again.status_code) == (303, 409)
    assert [answer.status_code for answer in withdrawn] == [303, 409]
    assert [r.state for r in store.listed(states=rules.OPEN)] == ["submitted", "submitted"]


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30])
def test_a_version_nobody_has_seen_saves_nothing(editor, version):
    address = "/desk/page/units/tax/procedures/wanshui"
    editor.post(address, data={**form_of(editor.get(address)), "place": "二楼", "do": "save"})
    [draft] = store.listed(states=["draft"])
    own = f"/desk/revision/{draft.number}"
    sent = {**form_of(editor.get(own)), "version": version, "place": "三楼"}
    mine = {"mine": json.dumps({**draft.data, "place": "三楼"}), "version": version, "side-place": "mine"}

    answers = [
        editor.post(own, data={**sent, "do": "submit"}),
        editor.post(f"{own}/merge", data=mine),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert store.get(draft.number) == draft


@pytest.mark.parametrize("base", ["", "x" * 64, "下载"])
def test_a_first_save_on_a_text_nobody_has_seen_cannot_be_submitted(editor, base, desk_pages):
    address = "/desk/page/units/tax/procedures/wanshui"

    editor.post(address, data={**form_of(editor.get(address)), "base": base, "place": "三楼", "do": "submit"})

    assert store.waiting() == []
    assert read(desk_pages, "units/tax/procedures/wanshui.md")["place"] == "办税服务厅1号窗口"
