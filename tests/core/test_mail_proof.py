"""A mail proves its sender by what the house's own server found, and by nothing that came with it."""

from __future__ import annotations

import pytest

from kesu.core.mail_proof import Proof, is_proven

OURS = "mx.house.example"
SENDER = "zhou@mail.example"


def mail(*lines: str) -> bytes:
    heads = "".join(f"Authentication-Results: {line}\r\n" for line in lines)
    return f"{heads}From: Zhou <{SENDER}>\r\nSubject: x\r\n\r\nx".encode()


def proven(*lines: str, wanted: Proof = Proof.ALIGNED) -> bool:
    return is_proven(mail(*lines), SENDER, OURS, wanted)


@pytest.mark.parametrize(
    "line",
    [
        f"{OURS}; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=mail.example",
        f"{OURS.upper()} 1; spf=fail smtp.mailfrom=b.example;\r\n\tdmarc = pass header.from=Mail.Example",
        f"{OURS}; dkim=pass header.d=mail.example header.s=s1",
        f"{OURS}; dkim=fail header.d=list.example; dkim=pass header.i=@mail.example",
        f"{OURS}; spf=pass (sender is a@b) smtp.mailfrom=<bounces@mail.example>",
        f"{OURS}; dmarc=none header.from=mail.example; spf=pass smtp.mailfrom={SENDER}",
        f"{OURS}; dmarc=pass; dkim=pass header.d=mail.example",
    ],
)
def test_what_our_server_found_of_the_same_domain_proves_it(line: str) -> None:
    assert proven(line)


@pytest.mark.parametrize(
    "line",
    [
        "mx.elsewhere.example; dmarc=pass header.from=mail.example",
        f"{OURS}.elsewhere.example; dmarc=pass",
        f"{OURS}; dmarc=pass header.from=evil.example",
        f"{OURS}; dmarc=fail header.from=mail.example; dkim=pass header.d=mail.example",
        f"{OURS}; dmarc=temperror; spf=pass smtp.mailfrom={SENDER}",
        f"{OURS}; dmarc=pass; dmarc=fail",
        f"{OURS}; spf=pass smtp.mailfrom=a@evil.example; dkim=pass header.d=evil.example",
        f"{OURS}; dkim=pass header.d=somebody.mail.example",
        f"{OURS}; dkim=pass header.d=example",
        f"{OURS}; spf=softfail smtp.mailfrom={SENDER}",
        f'{OURS}; spf=pass smtp.mailfrom="a; dmarc=pass"@evil.example',
        f"{OURS}; spf=pass (a; dmarc=pass) smtp.mailfrom=a@evil.example",
        f"{OURS}; spf=none (a) ; dkim=none ) ( ; dmarc=pass",
        f'{OURS}; spf=fail reason="; dmarc=pass ; x=',
        f"{OURS}; dmarc=pass",
        f"{OURS}; dmarc=pass; spf=pass smtp.mailfrom=a@evil.example",
        f"{OURS}; dkim=pass header.d=mail.example; x={'y' * 8_000}; dmarc=fail header.from=mail.example",
        f"{OURS}; dkim=pass header.d=mail.example{'; dkim=fail' * 100}; dmarc=fail header.from=mail.example",
        f"{OURS}; none",
        OURS,
        "",
    ],
)
def test_nothing_else_does(line: str) -> None:
    assert not proven(line)


def test_a_line_that_came_with_the_mail_is_not_believed_below_that_of_the_server() -> None:
    found, brought = f"{OURS}; spf=fail smtp.mailfrom=a@evil.example", f"{OURS}; dmarc=pass header.from=mail.example"
    assert not proven(found, brought)
    assert proven("mx.inner.example; none", brought, found)


def test_what_came_with_the_mail_is_not_believed_because_the_line_of_the_server_cannot_be_read() -> None:
    brought = f"{OURS}; dmarc=pass header.from=mail.example"
    for found in (f"{OURS}; spf=fail (domain of a(b@evil.example) smtp.mailfrom=x", f"{OURS}; x={'y' * 8_000}"):
        assert not proven(found, brought)


@pytest.mark.parametrize("name", ["Authentication-Results ", "Authentication-Results\t", "Authentication-Results\xa0"])
def test_a_line_whose_name_a_server_may_not_know_again_proves_nothing(name: str) -> None:
    """What it does not know, it does not take away."""
    line = f"{name}: {OURS}; dmarc=pass header.from=mail.example\r\n"
    assert not is_proven(f"{line}From: Zhou <{SENDER}>\r\n\r\nx".encode(), SENDER, OURS, Proof.ALIGNED)


def test_what_stands_below_a_line_that_is_no_header_proves_nothing() -> None:
    """For most servers the text begins there, of which they take nothing away."""
    found = f"Authentication-Results: {OURS}; dmarc=pass header.from=mail.example\r\n"
    for above, is_good in (("X-Other: one\r\n", True), ("no header\r\n", False), ("From a@b Mon\r\n", False)):
        content = f"{above}{found}From: Zhou <{SENDER}>\r\n\r\nx".encode()
        assert is_proven(content, SENDER, OURS, Proof.ALIGNED) is is_good


def test_a_line_of_the_sender_that_ends_for_us_and_not_for_the_server_proves_nothing() -> None:
    """A server takes away what bears its name; within another line it finds none."""
    brought = f"Subject: x\rAuthentication-Results: {OURS}; dmarc=pass header.from=mail.example\r\n"
    content = f"{brought}From: Zhou <{SENDER}>\r\n\r\nx\ry".encode()
    assert not is_proven(content, SENDER, OURS, Proof.ALIGNED)
    assert is_proven(content.replace(b"\rA", b"\r\nA"), SENDER, OURS, Proof.ALIGNED)


def test_the_house_says_what_it_asks() -> None:
    signed = f"{OURS}; dkim=pass header.d=mail.example"
    assert not proven(signed, wanted=Proof.DMARC)
    assert proven(wanted=Proof.NONE)
    assert not is_proven(mail("; dmarc=pass"), SENDER, "", Proof.DMARC), "nobody has said which server is ours"


def test_a_line_that_is_made_to_cost_time_costs_little() -> None:
    import time

    began = time.process_time()
    for line in ("(" * 200_000, '"\\' * 100_000, "a=" * 100_000, ";" * 200_000):
        proven(f"{OURS}; {line}")
    assert time.process_time() - began < 1
