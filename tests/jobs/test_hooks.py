"""Programs outside are told what happens: once, signed, masked, again after a failure, and of nothing secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest
from django.test import override_settings

from kesu.commands.clock.wake_one import wake_one
from kesu.commands.hooks.change_hook import change_hook
from kesu.commands.hooks.deliver_again import deliver_again
from kesu.commands.hooks.deliver_one import WAITS, deliver_one
from kesu.commands.hooks.make_hook import MadeHook, make_hook
from kesu.commands.hooks.renew_hook_secret import renew_hook_secret
from kesu.commands.hooks.set_hook_open import set_hook_open
from kesu.commands.nightly.clear_hooks import clear_hooks
from kesu.commands.sealed.submit_report import submit_report
from kesu.core.errors import NotFound
from kesu.core.signed_post import KEY, SIGNATURE, TIME, is_signed, written
from kesu.jobs.hooks import carry
from kesu.store.models import CaseCard, Hook, HookDelivery, HouseChange, Unit
from tests import desk
from tests.access.sample import REPORT
from tests.notify.vendors.loopback import Asked, Said, Vendor, serving
from tests.world import MONDAY, World

LATER = MONDAY + timedelta(minutes=5)
BASE = "https://kesu.example"


@dataclass(slots=True)
class Listener(Vendor):
    """A program outside: it takes what is signed by the secret that it was given."""

    secret: bytes = b""
    taken: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        told = asked.headers
        if not is_signed(self.secret, told[KEY], told[TIME], told[SIGNATURE], asked.body):
            return 401, {}, {}
        self.taken.append((told[KEY], json.loads(asked.body)))
        return 204, {}, b""


@pytest.fixture
def listener() -> Iterator[Listener]:
    program = Listener()
    with serving(program), override_settings(KESU_HOOKS_INSIDE=(ip_network("127.0.0.0/8"),)):
        yield program


def secret_in(text: str) -> bytes:
    return base64.b64decode(text.removeprefix("whsec_"))


def told(world: World, listener: Listener, unit: str = "group", **changed: object) -> MadeHook:
    about: dict[str, object] = {"kinds": [], "events": ["opened", "escalated"], "address": f"{listener.base}/kesu"}
    made = make_hook(
        actor=world.actor("admin"),
        at=MONDAY,
        name="客户关系系统",
        unit_id=world.units[unit],
        **about | changed,  # type: ignore[arg-type]
    )
    listener.secret = secret_in(made.secret)
    return made


def send(at: datetime = LATER) -> int:
    count = 0
    while deliver_one(at=at, carry=carry, base_url=BASE):
        count += 1
    return count


def test_it_tells_what_happened_signed_and_masked(world: World, listener: Listener) -> None:
    told(world, listener)
    case_id = world.register("wutong", person__name="欧阳锋", person__phone="13900001111")
    assert send() == 1

    (key, content), asked = listener.taken[0], listener.asked[0]
    card = CaseCard.objects.get(pk=case_id)
    assert content["type"] == "case.opened"
    data = content["data"]
    assert isinstance(data, dict)
    assert (data["number"], data["kind"], data["unit"]) == (card.number, "complaint", "qingtang")
    assert data["link"] == f"{BASE}/cases/{case_id}"
    assert data["customer"] == "欧**"
    said = asked.body.decode()
    assert not [one for one in ("欧阳锋", "13900001111", card.title) if one in said]
    assert key.startswith(Hook.objects.get().pk.hex)


def test_it_is_told_once_and_only_of_what_it_asked_for(world: World, listener: Listener) -> None:
    told(world, listener, events=["escalated"], unit="qingtang", kinds=["complaint"])
    world.register("wutong")
    assert send() == 0
    wake_one(at=MONDAY + timedelta(hours=1))
    assert send(MONDAY + timedelta(hours=1)) == 1
    assert send(MONDAY + timedelta(days=1)) == 0
    assert [content["type"] for _key, content in listener.taken] == ["case.escalated"]


def test_a_case_that_was_taken_elsewhere_meanwhile_is_not_told(world: World, listener: Listener) -> None:
    made = told(world, listener, unit="qingtang")
    case_id = world.register("wutong")
    here = Unit.objects.get(code="qingtang").path
    elsewhere = Unit.objects.exclude(path__startswith=here).latest("path")
    CaseCard.objects.filter(pk=case_id).update(unit=elsewhere, unit_path=elsewhere.path)
    assert send() == 1
    assert listener.asked == []
    assert HookDelivery.objects.get().state == "kept"
    page = desk.client_of("admin").get(f"/organisation/hooks/{made.hook_id}").content.decode()
    assert "已移到别的单位，不推" in page


@pytest.mark.parametrize("changed", [{"kinds": ["consultation"]}, {"events": ["level"]}])
def test_another_kind_or_event_is_not_told(world: World, listener: Listener, changed: dict[str, object]) -> None:
    told(world, listener, **changed)  # type: ignore[arg-type]
    world.register("wutong")
    assert HookDelivery.objects.count() == 0


def test_what_happens_elsewhere_is_not_told(world: World, listener: Listener) -> None:
    here = Unit.objects.get(code="qingtang").path
    apart = next(one.code for one in Unit.objects.order_by("path") if not here.startswith(one.path))
    told(world, listener, apart)
    world.register("wutong")
    assert HookDelivery.objects.count() == 0


def test_nothing_of_a_sealed_case_and_nothing_of_a_confidential_one_leaves(world: World, listener: Listener) -> None:
    told(world, listener, events=["opened", "step", "notice", "approval", "level", "reminded", "escalated"])
    given = {code: (text,) for code, text in REPORT.items()}
    submit_report(at=MONDAY, unit_id=world.units["qingtang"], kind="whistle_report", given=given, token="of this test")
    assert HookDelivery.objects.count() == 0
    case_id = world.register("wutong")
    CaseCard.objects.filter(pk=case_id).update(confidential=True)
    assert send() >= 1
    assert listener.asked == []
    assert set(HookDelivery.objects.values_list("state", flat=True)) == {"kept"}
    hook, kept = Hook.objects.get(), HookDelivery.objects.latest("pk")
    for delivery in (kept.pk, kept.pk + 1):  # neither is there for whoever asks
        with pytest.raises(NotFound):
            deliver_again(actor=world.actor("admin"), at=LATER, hook_id=hook.pk, delivery_id=delivery)


def test_a_program_that_fails_is_asked_again_later_under_the_same_key(world: World, listener: Listener) -> None:
    told(world, listener)
    world.register("wutong")
    listener.instead.append((503, {}, {}))
    assert send() == 1
    row = HookDelivery.objects.get()
    assert (row.state, row.status, row.attempts, row.try_at) == ("due", 503, 1, LATER + WAITS[0])
    assert send(LATER + WAITS[0]) == 1
    first, second = listener.asked
    assert first.headers[KEY] == second.headers[KEY]
    assert HookDelivery.objects.get().state == "sent"


def test_it_waits_as_long_as_it_is_asked_to(world: World, listener: Listener) -> None:
    told(world, listener)
    world.register("wutong")
    listener.instead.append((429, {"retry-after": "900"}, {}))
    send()
    assert HookDelivery.objects.get().try_at == LATER + timedelta(minutes=15)


def test_it_gives_up_in_the_end_and_sends_again_when_somebody_says_so(world: World, listener: Listener) -> None:
    made = told(world, listener)
    world.register("wutong")
    listener.instead += [(500, {}, {})] * (len(WAITS) + 1)
    at = LATER
    for wait in (*WAITS, timedelta(0)):
        assert send(at) == 1
        at += wait
    row = HookDelivery.objects.get()
    assert (row.state, row.reason) == ("failed", "HTTP 500")
    assert send(at) == 0
    deliver_again(actor=world.actor("admin"), at=at, hook_id=made.hook_id, delivery_id=row.pk)
    assert send(at) == 1
    assert HookDelivery.objects.get().state == "sent"
    assert HouseChange.objects.filter(act="hook.sent_again").count() == 1


def test_one_that_says_no_is_not_asked_again_and_one_that_wants_no_more_is_shut(
    world: World, listener: Listener
) -> None:
    told(world, listener)
    world.register("wutong")
    listener.instead += [(400, {}, {}), (410, {}, {})]
    send()
    assert HookDelivery.objects.get().state == "failed"
    world.register("wutong", at=LATER)
    send()
    hook = Hook.objects.get()
    assert (hook.is_open, hook.shut_for) == (False, "gone")
    world.register("wutong", at=LATER + timedelta(minutes=1))
    assert HookDelivery.objects.count() == 2


def test_one_that_does_not_answer_holds_up_no_other(world: World, listener: Listener) -> None:
    told(world, listener)
    make_hook(
        actor=world.actor("admin"),
        at=MONDAY,
        name="不在的",
        address="http://127.0.0.1:9/",
        unit_id=world.units["group"],
        kinds=[],
        events=["opened"],
    )
    for minute in range(3):
        world.register("wutong", at=MONDAY + timedelta(minutes=minute))
    send()
    assert len(listener.taken) == 3
    dead = HookDelivery.objects.filter(hook__name="不在的")
    assert sum(one.attempts for one in dead) == 1
    assert dead.exclude(reason="").get().reason.startswith("unreachable")


def test_one_whose_secret_cannot_be_opened_holds_up_no_other(world: World, listener: Listener) -> None:
    place = {"unit_id": world.units["group"], "kinds": [], "events": ["opened"]}
    lost = make_hook(actor=world.actor("admin"), at=MONDAY, name="旧系统", address=f"{listener.base}/old", **place)
    Hook.objects.filter(pk=lost.hook_id).update(key_id="lost")
    told(world, listener)
    for minute in range(2):
        world.register("wutong", at=MONDAY + timedelta(minutes=minute))
    send()
    assert len(listener.taken) == 2
    assert HookDelivery.objects.filter(hook_id=lost.hook_id).exclude(reason="").get().reason == "KeyError"


def test_a_machine_of_the_house_is_not_told_unless_the_installation_lets_it(world: World, listener: Listener) -> None:
    told(world, listener)
    world.register("wutong")
    with override_settings(KESU_HOOKS_INSIDE=()):
        send()
    row = HookDelivery.objects.get()
    assert (row.state, row.reason, row.status) == ("failed", "inside_the_house", None)
    assert listener.asked == []


def test_while_a_secret_is_changed_both_sign(world: World, listener: Listener) -> None:
    made = told(world, listener)
    before = listener.secret
    new = renew_hook_secret(actor=world.actor("admin"), at=MONDAY, hook_id=made.hook_id, keeps=timedelta(hours=1))
    world.register("wutong")
    assert send() == 1
    listener.secret = secret_in(new)
    world.register("wutong", at=LATER)
    assert send() == 1
    world.register("wutong", at=LATER + timedelta(minutes=1))
    listener.secret = before
    send(MONDAY + timedelta(hours=1))
    assert [one.status for one in HookDelivery.objects.order_by("pk")] == [204, 204, 401]
    assert written(before) != new


def test_secrets_stand_nowhere_in_clear(world: World, listener: Listener) -> None:
    told(world, listener, address=f"{listener.base}/kesu?token=hidden")
    hook = Hook.objects.get()
    assert listener.secret not in bytes(hook.secret)
    assert "hidden" not in json.dumps(list(HouseChange.objects.values("before", "after", "name")))


def test_what_is_changed_is_told_from_then_on(world: World, listener: Listener) -> None:
    made, admin = told(world, listener), world.actor("admin")
    set_hook_open(actor=admin, at=MONDAY, hook_id=made.hook_id, is_open=False)
    world.register("wutong")
    assert HookDelivery.objects.count() == 0
    set_hook_open(actor=admin, at=MONDAY, hook_id=made.hook_id, is_open=True)
    change_hook(
        actor=admin,
        at=MONDAY,
        hook_id=made.hook_id,
        name="别的名字",
        address=f"{listener.base}/elsewhere",
        kinds=["complaint"],
        events=["opened"],
    )
    world.register("wutong", at=LATER)
    send()
    assert [one.path for one in listener.asked] == ["/elsewhere"]


def test_what_was_told_is_forgotten_after_a_season(world: World, listener: Listener) -> None:
    told(world, listener)
    world.register("wutong")
    send()
    assert clear_hooks(MONDAY.date(), MONDAY + timedelta(days=89)) == {"deliveries": 0}
    assert clear_hooks(MONDAY.date(), MONDAY + timedelta(days=91)) == {"deliveries": 1}
