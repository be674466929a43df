"""The operator's file of channels: what it says is there, and what is not understood is told without its secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesu.config.checking.channels import channels
from kesu.config.checking.finding import Grade
from kesu.core import clock
from kesu.notify.channels.configured import Addressing, ChannelsUnreadable, read
from tests.notify.vendors.aliyun import AliyunServer
from tests.notify.vendors.loopback import WORDS, serving
from tests.notify.vendors.wecom import WeCom

SMS = (
    "{key: sms, name: 短信, vendor: sms-aliyun, key_id: LTAI-key-id, secret: S3CRET, signature: 晴川物业,"
    " templates: %s}"
)
TEMPLATE = '{"*": {code: SMS_100, text: "${what}${number}${due}"}}'


def written(folder: Path, *rows: str) -> Path:
    path = folder / "channels.yaml"
    path.write_text("channels:\n" + "".join(f"  - {row}\n" for row in rows), encoding="utf-8")
    return path


def test_every_vendor_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from-a-file\n")
    found = read(
        written(
            tmp_path,
            f"{{key: file, name: 短信, vendor: sms-file, folder: {tmp_path}/sms, signature: 晴川物业}}",
            SMS % TEMPLATE,
            "{key: w, name: 群, vendor: wecom-robot, secret: k}",
            f"{{key: wp, name: 个人, vendor: wecom, corp: ww, agent: 1, secret_file: {tmp_path}/secret}}",
            "{key: d, name: 群, vendor: dingtalk-robot, token: t, secret: s}",
            "{key: dp, name: 个人, vendor: dingtalk, app: a, agent: 1, secret: s}",
            "{key: f, name: 群, vendor: feishu-robot, token: t, secret: s}",
            "{key: fp, name: 个人, vendor: feishu, app: a, secret: s, names_by: email}",
        )
    )
    assert [one.addressing for one in found] == [
        *[Addressing.MOBILE] * 2,
        *[Addressing.PLACE, Addressing.PERSON] * 3,
    ]
    assert {one.host for one in found if one.host} == {
        "dysmsapi.aliyuncs.com",
        "qyapi.weixin.qq.com",
        "oapi.dingtalk.com",
        "open.feishu.cn",
    }
    assert "from-a-file" not in repr(found)
    assert found[0].carrier.carry(to="13800000000", words=WORDS, key="k1").endswith(".txt")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("text", "list of names"),
        ("{key: a, name: x, vendor: pigeon}", "vendor is one of"),
        ("{key: A!, name: x, vendor: wecom-robot, secret: S3CRET}", "key must be"),
        ("{key: a, name: x, vendor: wecom-robot}", "secret is missing"),
        ("{key: a, name: x, vendor: wecom-robot, secret: S3CRET, colour: red}", "unknown colour"),
        ("{key: a, name: x, vendor: wecom-robot, secret: S3CRET, base: http://proxy.example}", "https"),
        ("{key: a, name: x, vendor: wecom-robot, secret_file: /nowhere/S3CRET}", "cannot be read"),
        ("{key: a, name: x, vendor: wecom, corp: w, agent: one, secret: S3CRET}", "whole number"),
        ("{key: a, name: x, vendor: feishu, app: a, secret: S3CRET, names_by: nose}", "names_by"),
        ("{key: a, name: x, vendor: sms-file, folder: /tmp/x, signature: 【晴川】}", "brackets"),
        (SMS % "[1]", "templates"),
        (SMS % "{a: {code: SMS_1}}", "code, text"),
        (SMS % '{a: {code: SMS_1, text: "${colour}"}}', "colour} stands for none of what"),
    ],
)
def test_what_is_not_understood_is_told(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(ChannelsUnreadable, match=said) as unread:
        read(written(tmp_path, row))
    assert "S3CRET" not in str(unread.value)


def test_two_of_one_key_and_a_file_without_channels_are_refused(tmp_path: Path) -> None:
    row = "{key: a, name: x, vendor: wecom-robot, secret: k}"
    with pytest.raises(ChannelsUnreadable, match="same key"):
        read(written(tmp_path, row, row))
    (tmp_path / "channels.yaml").write_text("- a")
    with pytest.raises(ChannelsUnreadable, match="named channels"):
        read(tmp_path / "channels.yaml")
    (tmp_path / "channels.yaml").write_text("secret: [S3CRET\n")
    with pytest.raises(ChannelsUnreadable, match="cannot be read") as unread:
        read(tmp_path / "channels.yaml")
    assert "S3CRET" not in f"{unread.value} {unread.value.__cause__}"


def test_a_check_greets_each_and_sends_nothing(tmp_path: Path) -> None:
    wecom, aliyun = WeCom(), AliyunServer(secret="S3CRET")
    with serving(wecom), serving(aliyun):
        aliyun.time.at = clock.now()
        person = f"name: 个人, vendor: wecom, corp: {wecom.corp}, agent: 1, base: '{wecom.base}'"
        found = read(
            written(
                tmp_path,
                f"{{key: file, name: 文件, vendor: sms-file, folder: {tmp_path}/sms, signature: 晴川物业}}",
                (SMS % TEMPLATE).replace("key: sms", f"base: '{aliyun.base}', key: sms"),
                f"{{key: good, {person}, secret: {wecom.secret}}}",
                f"{{key: bad, {person}, secret: wrong}}",
                f"{{key: group, name: 群, vendor: wecom-robot, secret: x, base: '{wecom.base}'}}",
                "{key: gone, name: 不在的, vendor: wecom-robot, secret: x, base: 'http://127.0.0.1:9'}",
            )
        )
        findings = list(channels(found))
    assert [one.grade for one in findings] == [
        Grade.WARNING, Grade.FINE, Grade.FINE, Grade.WARNING, Grade.FINE, Grade.WARNING,
    ]  # fmt: skip
    assert "wecom 40001" in str(findings[3].said)
    assert "试发" in str(findings[4].said)
    assert wecom.arrived == aliyun.arrived == []
