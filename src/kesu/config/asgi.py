"""The web application as `kesu web` runs it: a request has arrived whole before a thread works on it.

Threads are few. One that waits for the rest of a body is lost for as long as the sender likes: a handful of telephones
with bad reception would stop everybody else. Here the event loop waits, for as many as there are connections, and the
pages themselves stay ordinary synchronous code (`kesu.config.wsgi`).
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from kesu.config.wsgi import application as pages
from kesu.core.spool import Spool
from kesu.core.uploads import BODY_STATE, MAX_BODY_BYTES, BodyState

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[str, str]]
WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_THREADS: Final = 4
_IN_MEMORY: Final = 1024 * 1024
"""Bytes of a body that are held in memory; more wait in a temporary file, encrypted: a report under seal may be larger
than this, and nobody has looked yet at what it is."""
_PLACES: Final = ((64 * 1024, 64), (_IN_MEMORY, 16))
"""Of bodies larger than so many bytes, so many are taken in at a time; others wait. Bounds memory, then disk."""
_DISCARDED: Final = 5 * MAX_BODY_BYTES
"""Of a body that is refused so much is read and thrown away: a browser that is still sending sees no answer."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `between`: from one piece of a body to the next; `discarding`: the same where it is thrown away;
    `whole`: for all of it."""

    between: float = 30.0
    discarding: float = 2.0
    whole: float = 15 * 60.0


class Buffered:
    """An ASGI application around a WSGI one. `threads`: how many requests are worked on at a time."""

    def __init__(self, inner: WsgiApplication, *, threads: int, patience: Patience | None = None) -> None:
        self._inner = inner
        self._patience = patience or Patience()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._places = [(size, asyncio.Semaphore(count)) for size, count in _PLACES]

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        with ExitStack() as at_the_end:
            body = Spool(_IN_MEMORY)
            at_the_end.callback(_close, body)
            size, state = await self._take_in(_announced(scope), body, receive, at_the_end)
            whole: Spool | io.BytesIO = body if state is BodyState.WHOLE else io.BytesIO()
            whole.seek(0)
            environ = _environ(scope, whole, size, state)
            loop = asyncio.get_running_loop()
            status, headers, content = await loop.run_in_executor(self._threads, _answer, self._inner, environ)
        coded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": coded})
        await send({"type": "http.response.body", "body": content})

    async def _take_in(
        self, announced: int, body: Spool, receive: Receive, at_the_end: ExitStack
    ) -> tuple[int, BodyState]:
        """How large the body is, and whether all of it is here."""
        held: set[int] = set()
        size, state = 0, BodyState.TOO_LARGE if announced > MAX_BODY_BYTES else BodyState.WHOLE
        try:
            async with asyncio.timeout(self._patience.whole):
                while size <= _DISCARDED:
                    piece, is_more = await self._piece(receive, state)
                    size += len(piece)
                    if size > MAX_BODY_BYTES:
                        state = BodyState.TOO_LARGE
                    if state is BodyState.WHOLE:
                        await self._find_place(size, held, at_the_end)
                        state = _keep(body, piece)
                    if not is_more:
                        break
        except TimeoutError:
            state = BodyState.TOO_SLOW if state is BodyState.WHOLE else state
        return max(size, announced if state is BodyState.TOO_LARGE else 0), state

    async def _find_place(self, size: int, held: set[int], at_the_end: ExitStack) -> None:
        for least, places in self._places:
            if size > least and least not in held:
                await places.acquire()
                at_the_end.callback(places.release)
                held.add(least)

    async def _piece(self, receive: Receive, state: BodyState) -> tuple[bytes, bool]:
        """Raises `TimeoutError`, also where the sender has hung up: he may still be reading."""
        is_wanted = state is BodyState.WHOLE
        async with asyncio.timeout(self._patience.between if is_wanted else self._patience.discarding):
            message = await receive()
        if message["type"] != "http.request":
            raise TimeoutError
        return message.get("body", b""), bool(message.get("more_body"))


def _keep(body: Spool, piece: bytes) -> BodyState:
    try:
        body.write(piece)
    except OSError:  # no room left for temporary files
        return BodyState.NO_ROOM
    return BodyState.WHOLE


def _close(body: Spool) -> None:
    """What could not be written is written once more when a file is closed."""
    with suppress(OSError):
        body.close()


def _announced(scope: Mapping[str, Any]) -> int:
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(said) if said.isdigit() else 0


def _environ(scope: Mapping[str, Any], body: Spool | io.BytesIO, size: int, state: BodyState) -> dict[str, Any]:
    """The request as WSGI says it. The length is that of what came, whatever was announced."""
    server, client = scope.get("server") or ("localhost", None), scope.get("client")
    raw = scope.get("raw_path") or scope["path"].encode()
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(client[0]) if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        BODY_STATE: state,
    }
    for name, value in _headers(scope):
        environ[name] = f"{environ[name]},{value}" if name in environ else value
    environ["CONTENT_LENGTH"] = str(size)
    return environ


def _headers(scope: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """A name with an underscore would look like one with a hyphen, such as those that only the proxy may set."""
    for name, value in scope["headers"]:
        if b"_" not in name:
            code = name.decode("latin-1").upper().replace("-", "_")
            yield ("CONTENT_TYPE" if code == "CONTENT_TYPE" else f"HTTP_{code}"), value.decode("latin-1")


def _answer(inner: WsgiApplication, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """What the pages say, whole: the largest that is sent is one file."""
    said: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: Headers, _fault: object = None) -> None:
        said.append((int(status.split(" ", 1)[0]), headers))

    pieces = inner(environ, start_response)
    try:
        content = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    status, headers = said[-1]
    return status, headers, content


application = Buffered(pages, threads=_THREADS)
