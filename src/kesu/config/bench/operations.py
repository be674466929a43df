"""The operations that are measured, as requests: what an agent does all day."""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from kesu.config.bench.asking import Ask, Connection
from kesu.config.bench.company import AGENT, HEAD, PASSWORD, REGISTRAR
from kesu.config.bench.stamping import FREQUENT, RARE
from kesu.config.trouble import Trouble
from kesu.store.models import Account, Case, CaseCard, ObligationOwner, Unit

CLIENTS: Final = 8
_PAGES: Final = 240
_FORMS: Final = 6_000

Asks = Sequence[Sequence[Ask]]


@dataclass(frozen=True, slots=True)
class Operation:
    """`asks`: rows of requests for one or eight clients. `warm`: how many are asked before anything is counted."""

    name: str
    login: str
    asks: Callable[[int], Asks]
    limit_ms: float | None = None
    limit_rate: float | None = None
    warm: Sequence[Ask] = field(default_factory=tuple)


def _owed(login: str) -> int:
    return ObligationOwner.objects.filter(account__login=login, obligation__is_open=True).count()


def sign_in(port: int, login: str) -> Mapping[str, str]:
    """The cookies of somebody who has signed in."""
    connection = Connection(port)
    page = connection.ask(Ask("/sign-in"))
    fields = {"username": login, "password": PASSWORD, "csrfmiddlewaretoken": _token(page.body)}
    answer = connection.ask(Ask("/sign-in", fields))
    connection.close()
    if answer.status != 302:
        raise Trouble(
            f"{login} 登录不了", why=f"登录页回答 {answer.status}", advice="这个数据文件夹不是 kesu bench 建的"
        )
    return connection.cookies


def reading() -> list[Operation]:
    """The pages of an agent who sees the cases of ten projects."""
    return [
        Operation("列表 20 行", AGENT, same("/cases?size=20"), 20),
        Operation(f"工作台（{_owed(HEAD)} 项待办）", HEAD, same("/work"), 20),
        Operation(f"工作台（{_owed(AGENT)} 项待办）", AGENT, same("/work")),
        Operation("诉件页", AGENT, _cases, 30),
        Operation("搜索：少见的词", AGENT, same(f"/cases?q={quote(RARE)}"), 30),
        Operation("搜索：常见的词", AGENT, same(f"/cases?q={quote(FREQUENT)}"), 30),
        Operation("搜索：电话后四位", AGENT, _phones, 30),
        Operation("数字页", AGENT, same("/numbers"), 100),
    ]


def registration(port: int, cookies: Mapping[str, str]) -> Operation:
    """The intake form, sent as the browser sends it, each time with a token of its own."""
    connection = Connection(port, cookies)
    page = connection.ask(Ask("/cases/new"))
    cookies_now, csrf = connection.cookies, _token(page.body)
    connection.close()
    assert isinstance(cookies, dict)
    cookies.update(cookies_now)
    unit = Unit.objects.get(code="qingtang").pk.hex

    def asks(clients: int) -> Asks:
        return [[_report(unit, csrf) for _ in range(_FORMS // clients)] for _ in range(clients)]

    return Operation("登记（含其后果）", REGISTRAR, asks, 15, 130, warm=[_report(unit, csrf) for _ in range(20)])


def step(port: int, cookies: Mapping[str, str]) -> Operation:
    """The step after a registration, on cases that were registered just now, with everything it implies."""
    connection = Connection(port, cookies)
    csrf = _token(connection.ask(Ask("/cases/new")).body)
    connection.close()
    registered = Case.objects.filter(unit__code="qingtang", card__stage="received").order_by("-id")
    fresh = list(registered.values_list("pk", "version")[:_FORMS])

    def taken() -> Ask:
        pk, version = fresh.pop()
        fields = {"csrfmiddlewaretoken": csrf, "seen_version": str(version)}
        return Ask(f"/cases/{pk}/steps/inform", fields, expects=302)

    def asks(clients: int) -> Asks:
        share = len(fresh) // 3 // clients
        return [[taken() for _ in range(share)] for _ in range(clients)]

    return Operation("一步（知会）", REGISTRAR, asks, warm=[taken() for _ in range(min(20, len(fresh) // 10))])


def _report(unit: str, csrf: str) -> Ask:
    chance = random.SystemRandom()
    fields = {
        "csrfmiddlewaretoken": csrf,
        "token": secrets.token_urlsafe(24),
        "unit": unit,
        "kind": "complaint",
        "channel": "电话",
        "person.name": "苏女士",
        "person.phone": f"135{chance.randint(0, 99_999_999):08d}",
        "title": "客厅外墙渗水，墙面发霉",
        "content": "昨晚下雨后客厅东墙又渗水，墙纸鼓起来了，家里有婴儿，请尽快处理。",
        "room": "3 栋 1 单元 1702",
        "promised_feedback_at": "2030-01-02 10:00",
        "looked": "-",
    }
    return Ask("/cases/new", fields, expects=302)


def same(path: str) -> Callable[[int], Asks]:
    """The same page for every client."""
    return lambda clients: [[Ask(path)] for _ in range(clients)]


def _cases(clients: int) -> Asks:
    """Half of them open, half closed long ago; each client reads them in an order of his own."""
    agent = Account.objects.get(login=AGENT)
    seen = CaseCard.objects.filter(case__parties__account=agent).distinct()
    ids = [
        pk
        for is_final in (False, True)
        for pk in seen.filter(is_final=is_final).order_by("-received_at").values_list("pk", flat=True)[: _PAGES // 2]
    ]
    return [_shuffled([Ask(f"/cases/{pk}") for pk in ids], seed) for seed in range(clients)]


def _phones(clients: int) -> Asks:
    return [[Ask(f"/cases?q={nth * 37 % 10_000:04d}") for nth in range(_PAGES)] for _ in range(clients)]


def _shuffled(asks: list[Ask], seed: int) -> list[Ask]:
    random.Random(seed).shuffle(asks)  # noqa: S311  an order, not a secret
    return asks


def _token(page: bytes) -> str:
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if found is None:
        raise Trouble("页面里没有表单口令", why="登录页或登记页不是想象的样子", advice="用浏览器看一看这个地址")
    return found[1].decode()
