"""Finds an address for every page: follows the links that a role sees, and keeps one of each kind of page."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.urls import Resolver404, get_resolver, resolve
from playwright.sync_api import APIRequestContext

from kesu.config.shots.catalogue import NO_PAGE

_MOST_READ = 250
_LINK = re.compile(r'\b(?:href|hx-get)="(/[^"#]*)')
_TOLD_APART = {
    "case-page": re.compile(r'aria-current="step"[^>]*>(.*?)</', re.DOTALL),
    "policy": re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL),
}
"""What a page itself says of its kind: the stage of a case, the title of a policy."""
_TAG = re.compile(r"<[^>]+>|\s+")
_SENT = re.compile(r"/static/|/files?/|\.(?:pdf|png|jpe?g|ics|csv|xlsx)$")


@dataclass(frozen=True, slots=True)
class Found:
    """`page` names the picture: the address's name, with what tells it from others of that name."""

    name: str
    page: str
    address: str


def names() -> list[str]:
    """The names of all addresses of the program."""
    return sorted(name for name in get_resolver().reverse_dict if isinstance(name, str))


def name_of(address: str) -> str:
    """The name of an address of ours, "" when nothing answers there."""
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""


def walk(requests: APIRequestContext, base: str, starts: Iterable[str]) -> list[Found]:
    """Every kind of page that can be reached by links from `starts`, as the person whose session `requests` has."""
    waiting = deque(starts)
    asked: set[str] = set()
    found: dict[str, Found] = {}
    while waiting and len(asked) < _MOST_READ:
        address = waiting.popleft()
        name = name_of(address)
        if address in asked or not name or name in NO_PAGE or _SENT.search(urlsplit(address).path):
            continue
        if name not in _TOLD_APART and _page(name, address, "") in found:
            continue
        asked.add(address)
        answer = requests.get(base + address)
        # Where the answer led to is the page: an address that only sends on is photographed as its goal.
        landed = answer.url.removeprefix(base)
        text = answer.text() if "html" in answer.headers.get("content-type", "") else ""
        if answer.status in (403, 404) or name_of(landed) in ("", *NO_PAGE) or "<html" not in text:
            continue
        page = _page(name_of(landed), landed, text)
        found.setdefault(page, Found(name_of(landed), page, landed))
        waiting.extend(links(text))
    return list(found.values())


def links(text: str) -> Iterator[str]:
    for match in _LINK.finditer(text):
        yield html.unescape(match[1])


def _page(name: str, address: str, text: str) -> str:
    """Pages of one name differ by step, by kind of case, by density, and by what they themselves say."""
    split = urlsplit(address)
    told = resolve(split.path).kwargs
    asked = {key: values[0] for key, values in parse_qs(split.query).items()}
    says = _TOLD_APART[name].search(text) if name in _TOLD_APART else None
    words = [told.get("step", ""), told.get("document", "")]
    words += [asked.get("kind", ""), asked.get("rows", ""), told.get("kind", "")]
    words += ["place"] if "place" in asked else []
    words += [_TAG.sub("", says[1])] if says else []
    return "-".join([name, *(str(word) for word in words if word)])
