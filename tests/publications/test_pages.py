"""What is published is found by whom it is for, and by nobody else: everybody, customers of the place, staff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kesu.access.publications import SIZE, Publisher, publishers, to_the_public
from kesu.core import clock
from kesu.core.ids import uuid7
from kesu.store.models import Case, Publication
from tests import desk
from tests.own_packs import changed
from tests.publications.house import (
    CLERK,
    DEPARTMENT,
    KEEPER,
    NOTICE,
    REVIEWER,
    Publishing,
    developer,
    link_of,
    property_company,
    row_of,
)
from tests.security import trouble
from tests.security.walking import form_at

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
COMPLAINT = {
    "channel": "电话",
    "title": "车库积水",
    "content": "下了两天雨",
    "room": "3-1-1702",
    "person__name": "岳先生",
    "person__phone": "13800005202",
}


@pytest.fixture
def house() -> Publishing:
    """Pages take the time themselves: what happened here happened yesterday."""
    return developer(clock.now() - timedelta(days=1))


def page(address: str, client: Client | None = None, status: int = 200) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == status, f"{address} {answer.status_code}"
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())


def entries(address: str = "/publications.atom") -> list[ElementTree.Element]:
    answer = Client().get(address)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def text_of(entry: ElementTree.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


def test_the_department_publishes_on_its_form_and_everybody_reads_it(house: Publishing) -> None:
    case_id = house.reported()
    house.reviewed(case_id)
    assert "现在没有在公示的内容" in page("/publications")
    client = desk.client_of(DEPARTMENT)
    address = f"/cases/{case_id}/steps/publish"
    form = form_at(client, address)
    sent = {name: one.value for name, one in form.inputs.items()} | {"publish_channel": "企业网站"}
    told = " ".join(re.sub("<[^>]+>", " ", client.post(f"{address}/preview", sent).content.decode()).split())
    assert "提交后公示" in told
    assert "给公众看，到 " in told
    assert client.post(address, sent).status_code == 302

    assert "/publications" in Client().get("/").content.decode()
    listed = page("/publications")
    assert NOTICE["public_title"] in listed
    assert "栖梧里一公司" in listed
    shown = page(f"/publications/{row_of(case_id).pk}")
    for words in (*list(NOTICE.values())[1:], "投诉举报公示", "《消费者投诉举报管理细则》", "§四、4", "公示到 "):
        assert words in shown
    for kept in (
        "花女士",
        "13800005801",
        "连廊没有写进合同",
        "签约时说一定会有",
        Case.objects.get().number,
        str(case_id),
    ):
        assert kept not in Client().get(f"/publications/{row_of(case_id).pk}").content.decode()
    case = client.get(f"/cases/{case_id}").content.decode()
    assert f'href="/publications/{row_of(case_id).pk}"' in case


def test_it_speaks_the_language_of_the_reader(house: Publishing) -> None:
    house.published()
    english = Client(headers={"Accept-Language": "en"})
    shown = page(f"/publications/{Publication.objects.get().pk}", english)
    assert "Result, for publication" in shown
    assert "Course and result are published" in shown
    assert NOTICE["public_result"] in shown


def test_a_correction_is_told_and_the_old_words_are_gone(house: Publishing) -> None:
    case_id = house.published()
    house.reviewed(case_id, public_result="退还定金并补偿两万元")
    house.post(case_id)
    address = f"/publications/{row_of(case_id).pk}"
    shown = page(address)
    assert "退还定金并补偿两万元" in shown
    assert "更正" in shown
    assert "更正" in page("/publications")
    (entry,) = entries()
    assert text_of(entry, "updated") > text_of(entry, "published")


def test_what_is_taken_down_is_gone_everywhere(house: Publishing) -> None:
    case_id = house.published()
    address = f"/publications/{row_of(case_id).pk}"
    house.take(case_id, "take_notice_back", taking_back_reason="认得出是谁")
    gone = page(address, status=410)
    assert "这份公示已于" in gone
    assert Client().get(address).headers["Cache-Control"] == "private, no-store"
    for left in (NOTICE["public_title"], NOTICE["public_result"], "认得出是谁"):
        assert left not in gone
    assert "现在没有在公示的内容" in page("/publications")
    assert entries() == []
    case = desk.client_of(DEPARTMENT).get(f"/cases/{case_id}").content.decode()
    assert f'href="{address}"' not in case
    assert "撤下" in case


def test_what_is_over_is_not_shown_though_no_worker_has_come_by(house: Publishing) -> None:
    case_id = house.published()
    Publication.objects.update(until=clock.now() - timedelta(seconds=1))
    assert "现在没有在公示的内容" in page("/publications")
    gone = page(f"/publications/{row_of(case_id).pk}", status=410)
    assert "公示期到" in gone
    assert NOTICE["public_result"] not in gone


def test_a_cache_may_keep_it_for_a_minute_and_is_told_whether_it_changed(house: Publishing) -> None:
    case_id = house.published()
    for address in ("/publications", f"/publications/{row_of(case_id).pk}", "/publications.atom"):
        answer = Client().get(address)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "noindex" not in answer.content.decode()
        assert not answer.cookies
        again = Client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_words_that_break_programs_break_nothing(house: Publishing) -> None:
    words = [word for word in trouble.words().values() if trouble.is_sendable(word) and "\x00" not in word]
    everything = "\n".join(word for word in words if len(word) < 5000)
    house.published(public_title=trouble.SCRIPT, public_result=everything, public_process="\u202e\u200b调查")
    row = Publication.objects.get()
    answer = Client().get(f"/publications/{row.pk}").content.decode()
    assert "<script>document" not in answer
    assert "&lt;script&gt;document" in answer
    assert "<img src=x" not in answer
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", answer)
    assert row.facts["public_process"] == "调查"
    (entry,) = entries()
    assert text_of(entry, "title") == trouble.SCRIPT
    assert trouble.SCRIPT not in Client().get("/publications").content.decode()


def test_a_feed_has_what_readers_of_feeds_ask_for(house: Publishing) -> None:
    house.published()
    root = ElementTree.fromstring(Client().get("/publications.atom").content)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert str(links["self"]).endswith("/publications.atom")
    (entry,) = root.findall(f"{ATOM}entry")
    row = Publication.objects.get()
    assert text_of(entry, "id") == f"urn:uuid:{row.pk}"
    assert entry.find(f"{ATOM}link").get("href").endswith(f"/publications/{row.pk}")  # type: ignore[union-attr]
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "栖梧里一公司"
    stamps = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
    assert all(stamps.fullmatch(text_of(entry, name)) for name in ("published", "updated"))


def test_an_empty_feed_says_the_same_at_every_look() -> None:
    developer()
    first, again = (Client().get("/publications.atom") for _ in range(2))
    assert first.content == again.content
    assert first.headers["ETag"] == again.headers["ETag"]


def copies(case_id: UUID, count: int) -> Iterator[Publication]:
    """As if so many other cases had shown the same, each a minute earlier."""
    for number in range(1, count + 1):
        head, row = Case.objects.get(pk=case_id), row_of(case_id)
        head.pk, head.follow_digest = uuid7(), f"copy {number}"
        head.save(force_insert=True)
        row.pk, row.case, row.title = uuid4(), head, f"第 {number} 份"
        row.shown_at -= timedelta(minutes=number)
        row.save(force_insert=True)
        yield row


def test_a_long_list_goes_on_leaf_by_leaf_and_nothing_is_counted(house: Publishing) -> None:
    case_id = house.published()
    with CaptureQueriesContext(connection) as few:
        Client().get("/publications")
    rows = list(copies(case_id, 2 * SIZE))
    with CaptureQueriesContext(connection) as many:
        first = Client().get("/publications").content.decode()
    assert len(many) == len(few)
    assert not any("COUNT(" in one["sql"] for one in many)
    seen: list[str] = []
    html = first
    for _ in range(5):
        seen += re.findall(r"/publications/([0-9a-f-]{36})", html)
        older = re.search(r'href="(/publications\?before=[^"]+)"', html)
        if older is None:
            break
        html = Client().get(older[1]).content.decode()
    assert seen == [str(row_of(case_id).pk), *(str(row.pk) for row in rows)]
    assert len(entries()) == SIZE
    for odd in ("x", "1.x", "9" * 59 + ".", "-1." + "0" * 32, "9" * 20 + "." + "0" * 32):
        assert Client().get("/publications", {"before": odd}).status_code == 200


def test_the_newest_are_read_off_an_index_and_nothing_is_sorted(house: Publishing) -> None:
    list(copies(house.published(), SIZE))
    newest = to_the_public().filter(is_up=True).order_by("-shown_at", "-id")
    own = newest.filter(publisher=house.stage.units["qihu_one"])
    with connection.cursor() as cursor:
        for way in ("enable_seqscan", "enable_bitmapscan"):  # so few rows would be read at once
            cursor.execute(f"SET LOCAL {way} = off")
    for rows, index in ((newest, "publication_for"), (own, "publication_of")):
        plan = rows[: SIZE + 1].explain()
        assert "Sort" not in plan
        assert index in plan


def test_one_organisation_can_be_read_by_itself(house: Publishing) -> None:
    house.published()
    mine = house.stage.units["qihu_one"].hex
    assert NOTICE["public_title"] in page(f"/publications?of={mine}")
    assert len(entries(f"/publications.atom?of={mine}")) == 1
    assert NOTICE["public_title"] in page("/publications?of=nobody")


def test_who_publishes_no_more_is_not_listed(house: Publishing) -> None:
    case_id = house.published()
    mine = Publisher(house.stage.units["qihu_one"], "栖梧里一公司")
    before = house.at
    assert publishers(before) == (mine,)
    house.at += timedelta(minutes=10)
    house.adopt(changed("w02", "consumer_report.yaml", ("seen_by: public", "seen_by: staff")))
    assert publishers(house.at) == ()
    with CaptureQueriesContext(connection) as caught:
        assert publishers(house.at) == ()
    assert len(caught) == 1
    assert publishers(before) == (mine,), "the later policy is not in force yet"
    assert NOTICE["public_title"] in page("/publications"), "what was shown stays"
    own = f"of={mine.id.hex}"
    assert mine.name in page(f"/publications?{own}")
    assert len(entries(f"/publications.atom?{own}")) == 1
    assert len(entries(f"/publications.atom?of={'0' * 32}")) == 1, "who never published narrows nothing"
    assert page(f"/publications/{row_of(case_id).pk}")


def test_what_is_for_residents_is_read_behind_their_links_and_nowhere_else() -> None:
    house = property_company(clock.now() - timedelta(days=1))
    case_id = house.bulletin()
    row = row_of(case_id)
    assert (row.audience, row.unit_id) == ("residents", house.stage.units["yunlu"])
    assert "现在没有在公示的内容" in page("/publications")
    assert Client().get(f"/publications/{row.pk}").status_code == 404
    complained = house.open("complaint", CLERK, "yunlu_site", COMPLAINT)
    link = f"/follow/{link_of(complained)}"
    assert f'href="{link}/publications"' in Client().get(link).content.decode()
    assert row.title in page(f"{link}/publications")
    answer = Client().get(f"{link}/publications/{row.pk}")
    assert "主要是电梯和停车" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in answer.content.decode()
    assert Client().get(f"/follow/{'0' * 32}/publications").status_code == 404
    assert Client().get(f"/follow/{'0' * 32}/publications/{row.pk}").status_code == 404


def test_customers_of_another_place_do_not_read_it(house: Publishing) -> None:
    bulletin = property_company(clock.now() - timedelta(days=1)).bulletin()
    link = f"/follow/{link_of(house.reported())}"
    assert "publications" not in Client().get(link).content.decode()
    assert Client().get(f"{link}/publications/{row_of(bulletin).pk}").status_code == 404


def test_what_is_for_the_staff_stands_on_their_board_alone(house: Publishing) -> None:
    house.adopt(changed("w02", "consumer_report.yaml", ("seen_by: public", "seen_by: staff")))
    case_id = house.published()
    address = f"/board/{row_of(case_id).pk}"
    for login in (DEPARTMENT, REVIEWER, KEEPER):
        client = desk.client_of(login)
        assert 'href="/board"' in client.get("/work").content.decode()
        assert NOTICE["public_title"] in page("/board", client)
        shown = page(address, client)
        assert NOTICE["public_result"] in shown
        assert "§四、4" in shown
    assert f'href="{address}"' in desk.client_of(DEPARTMENT).get(f"/cases/{case_id}").content.decode()
    assert Client().get(f"/publications/{row_of(case_id).pk}").status_code == 404
    assert Client().get(f"/follow/{link_of(case_id)}/publications/{row_of(case_id).pk}").status_code == 404
    assert Client().get("/board").status_code == 302


def test_people_of_another_house_find_nothing_on_their_board(house: Publishing) -> None:
    case_id = house.published()
    property_company(clock.now() - timedelta(days=1))
    client = desk.client_of(CLERK)
    assert "现在没有在公示的内容" in page("/board", client)
    assert client.get(f"/board/{row_of(case_id).pk}").status_code == 404
