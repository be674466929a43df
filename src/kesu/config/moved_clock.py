"""Where the program's clock may be moved: on one machine, where somebody tries it out, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from kesu.core import clock
from kesu.notify.mail import is_loopback


def follow(file: str, *, hosts: Iterable[str], is_behind_proxy: bool, mail: str, channels: Iterable[str] = ()) -> None:
    """Lets the clock run ahead by the seconds in `file`; "" leaves it alone. Raises `ImproperlyConfigured` where
    others than this machine can reach the program (`hosts`, a proxy) or be reached by it (`mail`, an address;
    `channels`, hosts): what it would write down, promise and send there would be dated falsely."""
    if not file:
        return
    reached = [host for host in hosts if not is_loopback(host.strip("[]"))]
    sent_to = urlsplit(mail).hostname if mail else None
    reached += [host for host in channels if host and not is_loopback(host)]
    if sent_to and not is_loopback(sent_to):
        reached.append(sent_to)
    if reached or is_behind_proxy:
        who = ", ".join(reached) or "the proxy"
        raise ImproperlyConfigured(
            f"KESU_CLOCK_FILE moves the clock and is for trying out on one machine only; here {who} would be told a "
            "false time. Take it out of the environment."
        )
    clock.follow(Path(file))
