"""The same pages under another policy: nothing on them knows a stage, level, fact or step by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from kesu.store.models import Case
from kesu.web.fields import Field
from tests.world import World

SignIn = Callable[[str], Client]
KIND = "suggestion"
_ROUNDS = 12


def filled(fields: Iterable[Field]) -> dict[str, Any]:
    """Something for every field, by its type alone."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    by_control = {
        "flag": "yes",
        "number": "2",
        "money": "200",
        "date": f"{tomorrow:%Y-%m-%d}",
        "datetime": f"{tomorrow:%Y-%m-%dT%H:%M}",
        "text": "一句话",
        "textarea": "几句话",
    }
    sent: dict[str, Any] = {}
    for field in fields:
        if field.choices:
            values = [choice.value for choice in field.choices]
            sent[field.name] = values if field.control in {"choices", "group"} else values[0]
        elif field.name.endswith(".phone"):
            sent[field.name] = "13800002016"
        elif field.control in by_control and not field.name.endswith(".number"):
            sent[field.name] = by_control[field.control]
    return sent


def test_it_carries_a_case_from_the_form_to_its_end(here: World, sign_in: SignIn) -> None:
    clients = [sign_in(login) for login in ("zhouyining", "luqiao")]
    address = f"{reverse('case-new')}?unit={here.units['qingtang'].hex}&kind={KIND}"
    fields = clients[0].get(address).context["fields"]
    opened = {"unit": here.units["qingtang"].hex, "kind": KIND, "token": "t"}
    registered = clients[0].post(reverse("case-new"), filled(fields) | opened)
    assert registered.status_code == 302, registered.context["refused_lines"]
    case = Case.objects.get()
    seen = [case.card.stage_name]
    for _ in range(_ROUNDS):
        if not any(_go_on(client, case) for client in clients):
            break
        seen.append(Case.objects.get(pk=case.pk).card.stage_name)
    assert Case.objects.get(pk=case.pk).card.is_final, seen
    page = clients[0].get(reverse("case-page", args=[case.pk])).content.decode()
    assert "这件已经结束" in page
    assert all(stage in page for stage in seen)


def _go_on(client: Client, case: Case) -> bool:
    """Takes the step that the page puts first for this person, or the one that supplies what a refused step lacks."""
    page = client.get(reverse("case-page", args=[case.pk]))
    if page.status_code != 200:
        return False
    parts = page.context["case"]
    first = [step.url for step in parts.steps if step.is_primary]
    supplying = [lack.url.partition("#")[0] for step in parts.refused for lack in step.missing if lack.url]
    address = next(iter([*first, *supplying]), "")
    if not address:
        return False
    form = client.get(address)
    answer = client.post(address, filled(form.context["fields"]) | {"seen_version": form.context["form"].version})
    assert answer.status_code == 302, (address, answer.context["refused_lines"], answer.context["refused_says"])
    return True
