"""What lies around the program: keys, mail, addresses, static files, the folder of the evidence."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from django.db import connection

from kesu.config.checking.finding import Finding, failure, fine, said, warning
from kesu.core import keyring
from kesu.core.keyring import KeyRing
from kesu.notify.mail import MailRefused, MailServer, is_loopback

LEAST_FREE = 2 * 1024**3
"""Bytes that must be free where evidence is kept."""
_STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
_MANIFEST = "staticfiles.json"


def key_file(path: Path, credentials: Path | None) -> Finding:
    """`credentials` is the folder in which systemd shows a service its secrets: private, whatever the bits say."""
    name = "keys.file"
    if not path.exists():
        return failure(
            name,
            said(
                "没有密钥文件 %(path)s，投诉内容既不能写也不能读；请从备份恢复，全新安装用 kesu keys create 建立",
                path=path,
            ),
        )
    is_handed = credentials is not None and credentials in path.parents
    if path.stat().st_mode & 0o077 and not is_handed:
        return failure(
            name, said("密钥文件 %(path)s 别的用户也能读；请执行 chmod 600 %(path)s，并考虑它已经泄露", path=path)
        )
    try:
        ring = keyring.load(path)
        _opens(ring, *ring.wrap(keyring.new_data_key()))
    except OSError as fault:
        return failure(
            name,
            said(
                "密钥文件 %(path)s 当前用户读不到（%(reason)s）；请改正文件的所有者", path=path, reason=fault.strerror
            ),
        )
    except (ValueError, KeyError, TypeError):
        return failure(name, said("密钥文件 %(path)s 损坏；请从备份恢复，不要新建", path=path))
    return fine(name, said("密钥文件可用，只有运行它的用户可读"))


def keys_fit_the_database(ring: KeyRing) -> Finding:
    """Opens one stored data key for each master key in use. Sealed cases are not asked: they use the same ring."""
    name = "keys.fit"
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ON (key_id) key_id, data_key FROM store_case ORDER BY key_id, id DESC")
        stored = [(str(key_id), bytes(wrapped)) for key_id, wrapped in cursor.fetchall()]
    for key_id, wrapped in stored:
        try:
            _opens(ring, key_id, wrapped)
        except (KeyError, InvalidTag):
            return failure(
                name,
                said(
                    "密钥文件打不开数据库里的内容（密钥 %(key_id)s），它不是这个数据库的；请恢复与数据库同时的那一份",
                    key_id=key_id,
                ),
            )
    return fine(name, said("密钥打得开已存的内容") if stored else said("密钥可用；还没有内容可以试开"))


def _opens(ring: KeyRing, key_id: str, wrapped: bytes) -> None:
    ring.unwrap(key_id, wrapped)


def mail(url: str, sender: str) -> Finding:
    """Greets the server, signs in where the address has an account, sends nothing."""
    name = "mail"
    if not url:
        return warning(name, said("没有设置邮件服务器（KESU_SMTP_URL），提醒与升级的邮件留在发件箱，不会寄出"))
    parts = urlsplit(url)
    try:
        place = f"{parts.hostname}:{parts.port or (465 if parts.scheme == 'smtps' else 25)}"
    except ValueError:
        place = ""
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not place:
        return failure(name, said("KESU_SMTP_URL 看不懂；请写成 smtp://用户:口令@主机:端口 或 smtps://…"))
    try:
        MailServer(url, sender).greet()
    except MailRefused as refused:
        return failure(
            name,
            said(
                "邮件服务器 %(place)s 用不了（%(refused)s），邮件寄不出去；请检查 KESU_SMTP_URL 与网络",
                place=place,
                refused=refused,
            ),
        )
    return fine(name, said("邮件服务器有应答：%(host)s", host=parts.hostname))


def base_address(url: str) -> Finding:
    """Over plain HTTP passwords and complaints could be read on the way, except on the machine itself."""
    name = "address"
    parts = urlsplit(url)
    if parts.scheme == "https" or is_loopback(parts.hostname or ""):
        return fine(name, said("对外地址 %(url)s", url=url))
    return failure(
        name,
        said("对外地址 %(url)s 没有加密，口令与投诉内容在路上可被看到；请在前面配 HTTPS 并改 KESU_BASE_URL", url=url),
    )


def static_files(root: Path, *, is_used: bool) -> Finding:
    """`root` must hold this version's copies; `is_used` is whether the web server is told to serve those."""
    name = "static"
    if not (_STATIC / "build" / "desk.css").exists():
        return failure(
            name, said("程序里没有界面资源，页面没有样式；请用 ./kesu wheel 打的包安装，或在代码目录执行 ./kesu up")
        )
    try:
        paths = json.loads((root / _MANIFEST).read_text(encoding="utf-8"))["paths"]
    except (OSError, ValueError, KeyError):
        return failure(name, said("静态文件没有整理到 %(root)s，页面没有样式；请执行 kesu collect", root=root))
    for source in sorted(path for path in _STATIC.rglob("*") if path.is_file() and not path.name.startswith(".")):
        relative = source.relative_to(_STATIC).as_posix()
        copy = root / str(paths.get(relative, relative))
        if relative not in paths or not copy.exists() or (root / relative).read_bytes() != source.read_bytes():
            return failure(
                name,
                said(
                    "%(root)s 里的静态文件不是这一版的（%(relative)s）；请执行 kesu collect，再重启网页服务",
                    root=root,
                    relative=relative,
                ),
            )
    if not is_used:
        return warning(
            name, said("KESU_STATIC_COLLECTED 没有设为 1，网页服务不用整理好的静态文件，浏览器每次都要重取；请设上")
        )
    return fine(name, said("静态文件是这一版的"))


def evidence_folder(folder: Path, least_free: int = LEAST_FREE) -> Finding:
    """Really writes a file there. A folder that is not there yet is made by the first upload, if that may."""
    name = "files"
    place = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        if place == folder:
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".kesu-check-") as probe:
                probe.write(b"x")
                probe.flush()
        elif not os.access(place, os.W_OK | os.X_OK):
            return failure(
                name,
                said("附件文件夹 %(folder)s 不存在，也建不了，附件存不下；请建好并交给运行 Kesu 的用户", folder=folder),
            )
        free = shutil.disk_usage(place).free
    except OSError as fault:
        return failure(
            name,
            said(
                "附件文件夹 %(folder)s 写不进去（%(reason)s），附件存不下；请改正它的所有者与权限",
                folder=folder,
                reason=fault.strerror,
            ),
        )
    if free < least_free:
        return failure(
            name,
            said(
                "附件所在的磁盘只剩 %(free)s，少于 %(least)s，附件很快存不下；请清理或扩容",
                free=_size(free),
                least=_size(least_free),
            ),
        )
    return fine(name, said("附件文件夹可写，磁盘剩 %(free)s", free=_size(free)))


def _size(number: int) -> str:
    return f"{number / 1024**3:.1f} GiB"
