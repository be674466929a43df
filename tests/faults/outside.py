"""What comes in otherwise than from a form of the desk, while parts of the program are killed: reports and calls of
programs outside, conversations with both their sides, results of people who work blind. Whoever has no answer sends
the very same once more, until there is one; everything acknowledged is written down."""

from __future__ import annotations

import base64
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from kesu.core import clock
from kesu.core.signed_post import sign
from tests.api.sending import FACTS, Sender
from tests.faults.people import Fact, Fate, Journal, Person, field_of
from tests.faults.program import PATIENCE, Program
from tests.world import World

_BREAK = 0.15
_LINK = re.compile(r'href="(/cases/[0-9a-f-]{36})"')
_SAMPLE = re.compile(r'href="(/coded/[A-Z0-9]+)"')


class Outsider(Person):
    """A program outside that hands in reports, and the telephone system."""

    def __init__(self, program: Program, world: World, journal: Journal, seed: int, doors: tuple[Sender, Sender]):
        super().__init__(program, world, journal, seed)
        self._url = program.url
        self._reports, self._calls = doors

    def _public_acts(self) -> list[tuple[Callable[[], None], int]]:
        return [(self._hand_in, 3), (self._ring, 2)]

    def _hand_in(self) -> None:
        marker = self._marker()
        fact = self._journal.begin("case", marker)
        self._post(fact, self._reports, {"facts": {**FACTS, "title": marker}})

    def _ring(self) -> None:
        marker = self._marker()
        fact = self._journal.begin("call", marker)
        self._post(fact, self._calls, {"event": "call.ringing", "call": marker, "line": "8001", "caller": ""})

    def _post(self, fact: Fact, door: Sender, document: object) -> None:
        """Under one key, signed anew each time as a program does that tries again; sometimes once more though it was
        answered: it is told the same."""
        raw, secret = json.dumps(document).encode(), base64.b64decode(door.secret.removeprefix("whsec_"))
        until, again = time.monotonic() + PATIENCE, self._choose.random() < 0.3
        while time.monotonic() < until:
            fact.sent += 1
            at = str(int(clock.now().timestamp()))
            said = {
                "Content-Type": "application/json",
                "webhook-id": fact.marker.encode().hex(),
                "webhook-timestamp": at,
                "webhook-signature": sign(secret, fact.marker.encode().hex(), at, raw),
            }
            address = f"{self._url}/api/v1/{door.to}?source={door.source_id.hex}"
            status, text = _asked(urllib.request.Request(address, data=raw, headers=said))
            if status == 0 or status >= 500:
                time.sleep(_BREAK)
                continue
            fact.fate = Fate.ACKNOWLEDGED if status < 300 else Fate.REFUSED
            fact.answers.append(f"{status} {json.loads(text).get('number', '')}")
            if not again:
                numbers = {answer.partition(" ")[2] for answer in fact.answers}
                assert len(numbers) == 1, fact
                return
            again = False
        raise AssertionError(f"no answer to {fact}")


class Talker(Person):
    """A customer who writes, and waits for words."""

    def _public_acts(self) -> list[tuple[Callable[[], None], int]]:
        return [(self._begin, 1), (self._say, 4)]

    def _begin(self) -> None:
        path = f"/chat/{self._world.units['qingtang']}/complaint"
        page = self._browser.page(path, self._is_over)
        assert page is not None
        marker = self._marker()
        fact = self._journal.begin("case", marker)
        phone = f"137{self._choose.randrange(10**8):08d}"
        said = {"person.name": "苏女士", "person.phone": phone, "content": marker}
        place = self._send(fact, path, page, {**said, "form_token": field_of(page, "form_token")}, None)
        if fact.fate is Fate.ACKNOWLEDGED:
            self._links.append(place.partition("#")[0].rstrip("/").rpartition("/")[2])

    def _say(self) -> None:
        if self._links:
            path = f"/talk/{self._choose.choice(self._links)}"
            self._write("words", path, f"{path}/words")


class Answerer(Person):
    """Whoever of the house answers conversations: the newest of the list."""

    def _desk_acts(self) -> list[tuple[Callable[[], None], int]]:
        return [(self._look, 1), (self._message, 4), (self._note, 1)]

    def _look(self) -> None:
        page = self._browser.page("/cases", self._is_over)
        self._cases = list(dict.fromkeys(_LINK.findall(page or "")))[:12]


class Gauger(Person):
    """Somebody who works blind and states what he measured."""

    def _desk_acts(self) -> list[tuple[Callable[[], None], int]]:
        return [(self._gauge, 1)]

    def _gauge(self) -> None:
        bench = self._browser.page("/coded", self._is_over)
        samples = list(dict.fromkeys(_SAMPLE.findall(bench or "")))
        assert samples, bench
        sample = self._choose.choice(samples)
        page = self._browser.page(sample, self._is_over)
        assert page is not None
        marker = self._marker()
        fact = self._journal.begin("gauged", marker)
        said = {"gauged": marker, "form_token": field_of(page, "form_token")}
        self._send(fact, f"{sample}/steps/gauge", page, said, None)


def _asked(request: urllib.request.Request) -> tuple[int, str]:
    """Status and text; 0 where there was no answer."""
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as other:
        with other:
            try:
                return other.code, other.read().decode(errors="replace")
            except (OSError, http.client.HTTPException):
                return 0, ""
    except (OSError, http.client.HTTPException):
        return 0, ""


def doors(world: World) -> tuple[Sender, Sender]:
    """The two through which programs outside deliver, opened on the page of sources."""
    from tests.api.test_calls import given_line
    from tests.api.test_reports import made

    assert given_line(world, "zhouyining", "8001") == 302
    return made(world), made(world, "电话系统", "group", "calls")


def coded_samples(world: World, password: str) -> dict[str, UUID]:
    """Three cases coded for two people, who can sign in."""
    from kesu.store.models import Account
    from tests import blind
    from tests.desk import PROMISED

    earlier = clock.now() - timedelta(hours=2)
    people = blind.adopt(world, earlier)
    for account in Account.objects.filter(pk__in=people.values()):
        account.set_password(password)
        account.save()
    for number in range(3):
        at = earlier + timedelta(minutes=10 + number)
        case = world.register("wutong", at=at, title=f"样品 {number}", promised_feedback_at=PROMISED)
        blind.coded(world, case, at + timedelta(minutes=5), people)
    return people
