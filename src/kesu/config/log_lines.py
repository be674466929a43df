"""Log lines on the error stream, plain for people or JSON for a collector, with everything that looks like a person's
number or address blotted out."""

from __future__ import annotations

import logging.config
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_PERSONAL = (
    # Where a refused or broken page was: what follows opens a case, or says that there is a sealed one.
    (re.compile(r"/(follow|submitted|part|talk|sealed|feed)/[^\s/?'\"]+"), r"/\1/<secret>"),
    # As a telephone exchange writes it into an address, where a plus sign is %2B.
    (re.compile(r"([?&]phone=)[^&\s'\"]+"), r"\1<number>"),
    # ASCII on purpose: a number or an address often stands right between Chinese characters.
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII), "<mail>"),
    (re.compile(r"(?<![\w-])\+?\d[\d -]{5,}\d[\dXx]?(?![\w-])", re.ASCII), "<number>"),
    (re.compile(r"(postgres(?:ql)?|smtps?)://[^\s'\"]+"), r"\1://<address>"),
)


def blot(line: str) -> str:
    """Phone and identity numbers, mail addresses and addresses with passwords, replaced by their kind."""
    for pattern, shown in reversed(_PERSONAL):
        line = pattern.sub(shown, line)
    return line


def _blotted(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Before the line is rendered, so that the time stamp and numbers of our own stay whole."""
    for key, value in event.items():
        if isinstance(value, str) and key not in ("timestamp", "level", "logger"):
            event[key] = blot(value)
    return event


def logging_config(level: str, *, is_json: bool = False) -> None:
    """Sets up structlog and the standard library's logging to write the same lines."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if is_json else plain
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _blotted,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    lines = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [structlog.stdlib.ExtraAdder(allow=()), *shared],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": lines},
            "handlers": {"errors": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "lines"}},
            "root": {"handlers": ["errors"], "level": level},
            "loggers": {
                # A refused or missing page is no fault; its address may hold a receipt code.
                "django.request": {"level": "ERROR"},
                # What is odd about a request is said to whoever sent it: a trace each time would fill the disk.
                "django.security": {"level": "CRITICAL"},
                "axes": {"level": "ERROR"},
            },
        }
    )
