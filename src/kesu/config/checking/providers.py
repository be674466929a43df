"""Whether the services of sign-on answer, and how long their certificates last."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from kesu.config.checking.finding import Finding, failure, fine, said, warning
from kesu.core.sign_on import AnyProvider, Provider, SamlProvider
from kesu.web.people.oidc import ProviderFailed, described

_SOON: Final = timedelta(days=21)
_PATIENCE: Final = 8.0


def providers(configured: Sequence[AnyProvider], now: datetime) -> Iterator[Finding]:
    """One finding for each; none where nothing is configured."""
    for one in configured:
        try:
            left = _certificate(one, now) if isinstance(one, SamlProvider) else _line(one, now)
        except (ProviderFailed, OSError, ValueError) as fault:
            told = said(
                "登录服务“%(name)s”没有正常应答（%(fault)s）；员工现在不能用它登录，请检查 issuer 地址和网络",
                name=one.name,
                fault=str(fault),
            )
            yield failure("sign-on", told)
            continue
        if left is not None and left < _SOON:
            told = said(
                "登录服务“%(name)s”的证书还有 %(days)d 天到期；到期后不能用它登录，请通知管它的人更换",
                name=one.name,
                days=max(0, left.days),
            )
            yield warning("sign-on", told)
        else:
            yield fine("sign-on", said("登录服务“%(name)s”应答正常", name=one.name))


def _certificate(one: SamlProvider, now: datetime) -> timedelta:
    """How long its signatures are believed. Raises `ValueError`. Nothing of ours ever calls it, only browsers do."""
    from cryptography.x509 import load_pem_x509_certificate  # only where there is one

    return load_pem_x509_certificate(one.certificate.encode()).not_valid_after_utc - now


def _line(one: Provider, now: datetime) -> timedelta | None:
    described(one, now)
    return _left(one.issuer, now)


def _left(address: str, now: datetime) -> timedelta | None:
    """How long the certificate at this address lasts; None where nothing is encrypted. Raises `OSError`."""
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.hostname is None:
        return None
    context = ssl.create_default_context()
    with (
        socket.create_connection((parts.hostname, parts.port or 443), _PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=parts.hostname) as line,
    ):
        certificate = line.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return ends - now
