"""Whatever stands in a header, an address or a cookie, and whatever kind of body comes: it is answered in words."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import parse_qs, quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.access import sample
from tests.access.sample import Sample
from tests.full import only_in_full
from tests.security.forms_found import acting, forms_on
from tests.security.trouble import SCRIPT, words
from tests.security.walking import careless, rows

pytestmark = pytest.mark.django_db

HEADERS = (
    "Referer",
    "Origin",
    "Accept",
    "Accept-Language",
    "Authorization",
    "Forwarded",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "Range",
    "User-Agent",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Request-ID",
    "X-CSRFToken",
    "X-Real-IP",
    "X-HTTP-Method-Override",
    "HX-Boosted",
    "HX-Current-URL",
    "HX-Prompt",
    "HX-Target",
    "HX-Trigger",
    "HX-Trigger-Name",
)
NAMES = ("q", "page", "size", "next", "unknown", "unknown[]", "a.b")
_EVERY = 1 if os.environ.get("KESU_FULL") else 3
_LOOKED_AT = ("front", "sign-in", "public-form", "case-list", "case-page", "work-live", "case-file-preview")
_ANSWERS = {200, 206, 302, 304, 400, 401, 403, 404, 405, 412, 413, 415, 416, 422}


def some(kinds: Mapping[str, str], turn: int) -> list[str]:
    """All of them where there is time, otherwise a part, another one at every turn."""
    return list(kinds)[turn % _EVERY :: _EVERY]


def as_header(word: str) -> str:
    """As bytes of a header come in: none of those that end one."""
    return re.sub(r"[\x00-\x1f\x7f]", "", word).encode("utf-8", "surrogatepass").decode("latin-1")[:8000]


def wrong(page: HttpResponse, *, allowed: set[int] | frozenset[int] = frozenset(_ANSWERS)) -> Iterator[str]:
    html = page.content.decode("utf-8", "replace")
    if page.status_code not in allowed:
        yield f"answered with {page.status_code}"
    if page.status_code >= 400 and not re.search("[一-龥]", html):
        yield f"{page.status_code} says nothing"
    if re.search(r"Traceback|psycopg|site-packages", html):
        yield "shows its insides"
    if "html" in page.headers.get("Content-Type", "") and any(text.strip() for text in acting(html)):
        yield "runs what was sent"


@pytest.mark.parametrize("login", ["", "zhouyining"])
def test_it_answers_whatever_stands_in_the_headers(login: str) -> None:
    found = sample.build()
    client, problems = careless(login), []
    for turn, name in enumerate(_LOOKED_AT):
        for what in some(words(), turn):
            page = client.get(found.address(name), headers=dict.fromkeys(HEADERS, as_header(words()[what])))
            problems += [f"{name}, {what}: {problem}" for problem in wrong(page)]

    assert problems == []


@only_in_full
def test_it_answers_each_header_by_itself() -> None:
    found = sample.build()
    client, problems = careless("zhouyining"), []
    for header in (*HEADERS, "HX-Request", "X-Kesu-Poll"):
        for word in (SCRIPT, "x" * 20_000, "\xff\xfe", ",;=q-1"):
            page = client.get("/policies", headers={header: as_header(word)})
            problems += [f"{header} {word[:9]!r}: {problem}" for problem in wrong(page)]
            sent = client.post(found.address("case-note"), {"text": "好"}, headers={header: as_header(word)})
            problems += [f"{header} {word[:9]!r}: {problem}" for problem in wrong(sent)]

    assert problems == []


@pytest.mark.parametrize("host", ["evil.example", "", SCRIPT, "a" * 5000, "[::1", "é"])
def test_it_serves_no_other_host_than_its_own(host: str) -> None:
    for address in ("/", "/sign-in", "/nowhere"):
        page = Client(raise_request_exception=False).get(address, headers={"Host": as_header(host)})

        assert page.status_code == 400
        assert "看不懂这个请求" in page.content.decode()
        assert "evil.example" not in page.content.decode()


@pytest.mark.parametrize("value", ['"aaaaaaaaaa\\000b"', "x" * 30_000, '"\\', "\xff\xfe", "a=b=c; ; =", "{}", "'; --"])
def test_it_takes_a_cookie_that_is_none_of_ours_for_none(value: str) -> None:
    found = sample.build()
    cookie = "; ".join(
        f"{name}={value}" for name in ("sessionid", "csrftoken", "messages", "django_language", "kesu_theme")
    )
    client = Client(raise_request_exception=False, headers={"cookie": cookie})

    assert client.get("/").status_code == 200
    assert client.get("/work").headers["Location"] == "/sign-in?next=/work"
    assert client.get(found.address("public-form")).status_code == 200
    assert list(wrong(client.post("/sign-in", {"username": "x", "password": "x"}))) == []


def patterns() -> Iterator[tuple[str, str]]:
    """The name and the route of every address."""
    for name in sample.names():
        found = next(one for one in _flat(get_resolver().url_patterns) if one.name == name)
        yield name, str(found.pattern)


def _flat(found: list[object]) -> Iterator[URLPattern]:
    for one in found:
        yield from [one] if isinstance(one, URLPattern) else _flat(one.url_patterns)  # type: ignore[attr-defined]


PARTS: Mapping[str, str] = {
    **{what: quote(word.encode("utf-8", "surrogatepass"), safe="") for what, word in words().items()},
    "nothing": "",
    "no UTF-8": "%ff%fe%c0%80",
    "half an escape": "%zz%",
    "escaped twice": "%252e%252e%252fetc%252fpasswd%2500",
    "very long": "x" * 40_000,
    "a foreign row": "00000000-0000-0000-0000-000000000000",
    "dots": "..%2f..%2f",
    "a huge number": "9" * 30,
}


def test_it_answers_every_address_whatever_stands_in_its_parts() -> None:
    sample.build()
    clients, problems = (careless(""), careless("zhouyining")), []
    for turn, (name, route) in enumerate(patterns()):
        if "<" not in route:
            continue
        for what in some(PARTS, turn):
            address = "/" + re.sub(r"<[^>]+>", lambda _one, part=PARTS[what]: part, route)
            for client in clients:
                problems += [f"{name}, {what}: {problem}" for problem in wrong(client.get(address))]

    assert problems == []


def asked_of(found: Sample, client: Client) -> dict[str, set[str]]:
    """The names that addresses understand behind their question mark, as forms and links of the pages say."""
    asked: dict[str, set[str]] = {found.address(name): set(NAMES) for name in ("sign-in", "case-page", "public-submit")}
    for name in sample.names():
        address = found.address(name)
        html = "" if name in sample.POSTED else client.get(address).content.decode("utf-8", "replace")
        for form in forms_on(html):
            if form.method == "get":
                asked.setdefault(form.action or address, set(NAMES)).update(form.inputs)
        for path, query in re.findall(r'href="(/[^"?#]*|)\?([^"#]+)"', html):
            asked.setdefault(path or address, set(NAMES)).update(parse_qs(unescape(query), keep_blank_values=True))
    return asked


def test_it_answers_every_address_whatever_stands_behind_its_question_mark() -> None:
    found = sample.build()
    client, problems = careless("zhouyining"), []
    asked = asked_of(found, client)
    assert {"q", "page", "sort"} <= asked["/cases"]
    odd = {"no page": "page=-1&size=-1&sort=nonsense", "far page": f"page={'9' * 20}&size={'9' * 20}"}
    odd |= {"bytes": "q=%ff%fe&%ff=%zz&=&&;&q", "many": "&".join(f"a{number}=b" for number in range(3000))}
    for turn, (address, names) in enumerate(asked.items()):
        for what in some(words(), turn):
            odd[what] = "&".join(f"{name}={quote(words()[what].encode())}" for name in sorted(names))
        for what, query in odd.items():
            page = client.get(f"{address}?{query[:60_000]}")
            problems += [f"{address}, {what}: {problem}" for problem in wrong(page)]
        odd = {}

    assert problems == []


@only_in_full
@pytest.mark.parametrize("method", ["PUT", "TRACE", SCRIPT[:9]])
def test_it_takes_no_other_method(method: str) -> None:
    found, before = sample.build(), None
    for login in ("", "zhouyining"):
        for name in sample.names():
            before = before or rows()
            page = careless(login).generic(method, found.address(name), b"x=1", "application/x-www-form-urlencoded")
            is_door = name.startswith("api-")
            allowed, said = ("POST", "这个地址只收 POST") if is_door else ("GET, HEAD, POST", "不能这样打开")
            assert (page.status_code, page.headers["Allow"]) == (405, allowed), name
            assert said in page.content.decode()

    assert rows() == before


def test_it_says_in_words_that_an_address_takes_only_forms_or_only_pages() -> None:
    found = sample.build()
    client = careless("zhouyining")
    for name in sample.names():
        looked, asked, sent = (send(found.address(name)) for send in (client.get, client.head, client.post))
        if name != "sealed-file":  # taking one is written down: nobody asks for its head alone
            assert asked.status_code == looked.status_code, name
        for page in (looked, asked, sent):
            if page.status_code == 405:
                assert page.headers["Allow"], name
                said = "这个地址只收 POST" if name.startswith("api-") else "不能这样打开"
                assert page is asked or said in page.content.decode(), name


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"text": "x"}', 415),
        ("text/plain", b"text=x", 415),
        ("", b"text=x", 415),
        ("multipart/form-data", b"--x\r\n", 400),
        ("multipart/form-data; boundary=" + "x" * 5000, b"--x\r\n", 400),
        ("multipart/form-data; boundary=x", b"\x00\xff" * 3000, 400),
        ("application/x-www-form-urlencoded", b"text=%00", 400),
        ("application/x-www-form-urlencoded", b"text=", 422),
        ("application/x-www-form-urlencoded", b"text=" + b"x" * 10_000_000, 413),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=" % number for number in range(2000)), 413),
    ],
)
def test_it_takes_no_body_but_a_form_of_a_reasonable_size(kind: str, body: bytes, status: int) -> None:
    found = sample.build()
    before = rows()

    page = careless("zhouyining").generic("POST", found.address("case-note"), body, kind)

    assert (page.status_code, list(wrong(page))) == (status, [])
    assert rows() == before


@only_in_full
def test_it_answers_every_address_that_is_sent_names_which_it_never_asked_for() -> None:
    found = sample.build()
    names = ("text", "number", "code", "happened_at", "seen_version", "token", "form_token", "unit", "kind", "verdict")
    names += ("username", "password", "next", "person.name", "person.phone", "title", "repeat_of", "team", "f" * 300)
    client, problems = careless("zhouyining"), []
    for name in sample.names():
        for what in ("a script", "a foreign row", "a huge number"):
            page = client.post(found.address(name), dict.fromkeys(names, words()[what]))
            problems += [f"{name}, {what}: {problem}" for problem in wrong(page)]

    assert problems == []


def test_it_unpacks_nothing() -> None:
    found = sample.build()
    body = gzip.compress(b"text=" + b"x" * 10_000_000)

    page = careless("zhouyining").generic(
        "POST",
        found.address("case-note"),
        body,
        "application/x-www-form-urlencoded",
        headers={"Content-Encoding": "gzip"},
    )

    assert page.status_code == 415
    assert "没有提交" in page.content.decode()


def test_it_refuses_a_body_larger_than_any_form_before_it_is_read() -> None:
    found = sample.build()
    kind = "multipart/form-data; boundary=x"

    page = Client().generic("POST", found.address("public-form"), b"", kind, CONTENT_LENGTH="999999999")

    assert page.status_code == 413
    assert "一个文件最多 20 MB" in page.content.decode()
