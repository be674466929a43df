"""Who may be one person: found when it is written, shown as far as the reader sees, not asked again when told."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kesu.commands.customers.change_customer import change_customer
from kesu.commands.customers.end_room import end_room
from kesu.commands.customers.erase_customer import erase_customer
from kesu.commands.customers.import_house import import_house
from kesu.commands.customers.join_customers import join_customers
from kesu.commands.customers.link_room import link_room
from kesu.commands.customers.part_customers import part_customers
from kesu.commands.customers.tell_apart import tell_apart
from kesu.config.cli import main
from kesu.core import clock
from kesu.queries.customers.duplicates import duplicates
from kesu.store.models import CustomerKey, CustomerOfGroup, CustomerPlace, CustomerRoom
from tests import desk
from tests.access import house_samples
from tests.commands.importing import lines
from tests.world import World

PHONE = "13811112222"


@pytest.fixture
def made(db: None) -> World:
    return desk.opened()[0]


def someone(world: World, name: str, phones: str = PHONE, unit: str = "qingtang", login: str = "linsheng") -> UUID:
    return house_samples.customer(world, clock.now(), login, unit, name=name, phones=phones)


def found(login: str = "linsheng") -> list[tuple[str, set[str]]]:
    return [(one.why, {person.name for person in one.people}) for one in duplicates(actor=desk.actor(login))]


def test_two_with_one_telephone_are_named_and_one_alone_is_not(made: World) -> None:
    someone(made, "苏晴")
    assert found() == []
    other = someone(made, "苏小姐", f"13900001111，{PHONE}")
    assert found() == [("phone", {"苏晴", "苏小姐"})]
    given = {**house_samples.PERSON, "name": "苏小姐", "phones": "13900001111"}
    change_customer(actor=desk.actor("linsheng"), at=clock.now(), customer_id=other, given=given)
    assert found() == []


def test_one_name_in_one_room_is_named_until_one_of_them_leaves(made: World) -> None:
    house_samples.room(made, clock.now())
    two = [someone(made, "苏晴", phones) for phones in ("13800000001", "13800000002")]
    actor, project = desk.actor("linsheng"), made.units["qingtang"].hex
    for one in two:
        link_room(actor=actor, at=clock.now(), customer_id=one, project=project, room="3-1-1702", kind="owner")
    assert found() == [("room", {"苏晴"})]
    link = CustomerRoom.objects.get(customer=two[0])
    end_room(actor=actor, at=clock.now(), on=clock.now().date(), customer_id=two[0], link=link.pk)
    assert found() == []


def test_joined_they_are_one_and_parted_they_are_asked_about_again(made: World) -> None:
    one, other = someone(made, "苏晴"), someone(made, "苏小姐")
    actor = desk.actor("linsheng")
    join_customers(actor=actor, at=clock.now(), customer_id=one, other_id=other)
    assert found() == []
    part_customers(actor=actor, at=clock.now(), customer_id=one, other_id=other)
    assert found() == [("phone", {"苏晴", "苏小姐"})]


def test_told_apart_they_are_not_asked_about_again_but_the_third_is(made: World) -> None:
    one, other = someone(made, "苏晴"), someone(made, "苏小姐")
    client = desk.client_of("linsheng")
    for _time in range(2):
        page = client.post(f"/customers/{one}/apart", {"other": str(other)}, follow=True).content.decode()
    assert "已说明不是同一个人" in page
    assert found() == []
    someone(made, "苏先生")
    assert found() == [("phone", {"苏晴", "苏小姐", "苏先生"})]
    join_customers(actor=desk.actor("linsheng"), at=clock.now(), customer_id=one, other_id=other)
    part_customers(actor=desk.actor("linsheng"), at=clock.now(), customer_id=one, other_id=other)
    assert "已说明不是同一个人" not in client.get(f"/customers/{one}").content.decode(), "joined, they were one"


def test_nobody_is_told_of_somebody_whose_data_were_erased(made: World) -> None:
    one, _other = someone(made, "苏晴"), someone(made, "苏小姐")
    erase_customer(actor=desk.actor("linsheng"), at=clock.now(), customer_id=one, is_certain=True)
    assert found() == []
    assert not CustomerKey.objects.filter(customer=one).exists()
    place = CustomerPlace.objects.get(customer=one)
    assert (str(place.sounds), place.text, place.phones) == ("", "", [])


def test_a_reader_learns_of_nobody_out_of_his_sight(made: World) -> None:
    someone(made, "苏晴", login="zhouyining")
    someone(made, "苏小姐", unit="huaixu", login="xumingche")
    someone(made, "苏望", unit="wangting", login="zhaolang")
    assert found("linsheng") == [("phone", {"苏晴", "苏小姐"})]
    for login in ("zhouyining", "xumingche", "zhaolang"):
        assert found(login) == []


def test_many_with_one_number_are_counted_and_not_all_named(made: World) -> None:
    for n in range(13):
        someone(made, f"客户{n:02d}")
    assert [(len(one.people), one.more) for one in duplicates(actor=desk.actor("linsheng"))] == [(10, 3)]
    assert "还有 3 位" in desk.client_of("linsheng").get("/customers/duplicates").content.decode()


def test_it_asks_as_often_for_many_as_for_one(made: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            found()
        return len(caught)

    someone(made, "苏晴")
    someone(made, "苏小姐")
    few = asked()
    flats, people = lines(40, 80)
    import_house(
        actor=desk.actor("linsheng"), at=clock.now(), name="x.xlsx", digest="0" * 64, rooms=flats, customers=people
    )
    for n in range(8):
        someone(made, f"苏{n}", f"139{n:08d}")
    assert len(found()) == 9
    assert asked() == few


def test_the_rows_are_compared_and_made_anew(made: World, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("苏晴", "苏小姐"):
        someone(made, name)
    assert main(["rebuild", "--customers"]) == 0
    CustomerKey.objects.update(is_shared=False)
    CustomerPlace.objects.update(sounds="x")
    CustomerOfGroup.objects.all().delete()
    assert found() == []
    assert main(["rebuild", "--customers"]) == 1
    assert "苏" not in capsys.readouterr().out, "a report names nobody"
    assert main(["rebuild", "--customers", "--write"]) == 0
    assert main(["rebuild", "--customers"]) == 0
    assert found() == [("phone", {"苏晴", "苏小姐"})]


def test_two_who_come_at_the_same_moment_are_found(committed_world: World) -> None:
    begun, told = threading.Event(), threading.Event()

    def second() -> None:
        try:
            begun.wait(10)
            told.set()
            someone(committed_world, "苏小姐")
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        someone(committed_world, "苏晴")
        begun.set()
        assert told.wait(10)
        thread.join(0.5)
        assert thread.is_alive(), "whoever comes second waits for the first"
    thread.join(20)
    assert found() == [("phone", {"苏晴", "苏小姐"})]


def test_one_telephone_taken_from_one_and_given_to_another_at_the_same_moment_is_of_one(
    committed_world: World,
) -> None:
    first = someone(committed_world, "苏晴")

    def second() -> None:
        try:
            someone(committed_world, "苏小姐")
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        given = {**house_samples.PERSON, "phones": "13900001111"}
        change_customer(actor=desk.actor("linsheng"), at=clock.now(), customer_id=first, given=given)
        thread.start()
        thread.join(0.5)
    thread.join(20)
    assert found() == []
    assert CustomerKey.objects.filter(is_shared=True).count() == 0


def test_only_those_who_may_change_both_tell_them_apart(made: World) -> None:
    one = someone(made, "苏晴", login="zhouyining")
    other = someone(made, "苏小姐", unit="huaixu", login="xumingche")
    assert desk.client_of("zhouyining").post(f"/customers/{one}/apart", {"other": str(other)}).status_code == 404
    tell_apart(actor=desk.actor("linsheng"), at=clock.now(), customer_id=one, other_id=other)
    assert found() == []
