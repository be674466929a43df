"""What an operator or a unit may set up becomes a carrier, and what is not understood is told without its secrets."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest
from django.test import override_settings

from kesu.config.checking.channels import channels
from kesu.config.checking.finding import Grade
from kesu.core import clock
from kesu.core.signed_post import new_secret, written
from kesu.notify.carrying import NotCarried
from kesu.notify.registry import ChannelsUnreadable, carriers, host_of, read, robot
from tests.notify.vendors.aliyun import AliyunServer
from tests.notify.vendors.dingtalk import DingTalk
from tests.notify.vendors.feishu import Feishu
from tests.notify.vendors.loopback import WORDS, serving
from tests.notify.vendors.wecom import WeCom

TEMPLATES = '"*": {code: SMS_100, text: "${what}${number}${due}"}'
ALIYUN = {"carrier": "aliyun", "key_id": "LTAI-key-id", "secret": "S3CRET", "signature": "晴川物业"}
WECOM = {"carrier": "app", "corp": "wwabcdef", "agent": "1000002", "secret": "S3CRET"}
DINGTALK = {"carrier": "app", "app": "ding", "agent": "1", "secret": "S3CRET"}
FEISHU = {"carrier": "app", "app": "cli", "secret": "S3CRET"}


def test_every_carrier_can_be_set_up(tmp_path: Path) -> None:
    (tmp_path / "t").write_text(TEMPLATES)
    (tmp_path / "secret").write_text("from-a-file\n")
    file = tmp_path / "channels.yaml"
    file.write_text(
        f"""channels:
  sms:
    {{carrier: aliyun, key_id: a, secret_file: {tmp_path}/secret, signature: 晴川, templates_file: {tmp_path}/t}}
  wecom: {{carrier: app, corp: ww, agent: 1, secret_file: {tmp_path}/secret}}
  dingtalk: {{carrier: app, app: a, agent: 1, secret: s}}
  feishu: {{carrier: app, app: a, secret: s, names_by: email}}
""",
        encoding="utf-8",
    )
    found = read(file)
    made = carriers(found)
    assert {channel: host_of(found[channel], made[channel]) for channel in made} == {
        "sms": "dysmsapi.aliyuncs.com",
        "wecom": "qyapi.weixin.qq.com",
        "dingtalk": "oapi.dingtalk.com",
        "feishu": "open.feishu.cn",
    }
    assert "from-a-file" not in repr(made)


@pytest.mark.parametrize(
    ("channel", "settings", "said"),
    [
        ("sms", {"carrier": "pigeon"}, "there is: aliyun, file"),
        ("sms", {"carrier": "file", "folder": "/tmp/x", "signature": "【晴川】"}, "brackets"),
        ("sms", ALIYUN, "templates is missing"),
        ("sms", ALIYUN | {"templates": "[S3CRET"}, "cannot be read"),
        ("sms", ALIYUN | {"templates": "[1]"}, "list of notices"),
        ("sms", ALIYUN | {"templates": "a: {code: SMS_1}"}, "code, text"),
        ("sms", ALIYUN | {"templates": "a: {code: SMS_1, text: x, names: 1}"}, "names says"),
        ("sms", ALIYUN | {"templates": 'a: {code: SMS_1, text: "${colour}"}'}, "stands for none of what"),
        ("wecom", WECOM | {"corp": " "}, "corp is missing"),
        ("wecom", WECOM | {"agent": "one"}, "whole number"),
        ("wecom", WECOM | {"colour": "red"}, "unknown colour"),
        ("dingtalk", DINGTALK | {"base": "http://proxy.example"}, "https"),
        ("feishu", FEISHU | {"names_by": "nose"}, "names_by is"),
    ],
)
def test_what_is_not_understood_is_told(channel: str, settings: dict[str, str], said: str) -> None:
    with pytest.raises(ChannelsUnreadable, match=said) as unread:
        carriers({channel: settings})
    assert "S3CRET" not in str(unread.value)


def test_robots_are_set_up_by_the_address_that_their_group_shows() -> None:
    wecom, dingtalk, feishu = WeCom(), DingTalk(), Feishu()
    with (
        serving(wecom),
        serving(dingtalk),
        serving(feishu),
        override_settings(KESU_HOOKS_INSIDE=(ip_network("127.0.0.0/8"),)),
    ):
        for vendor in (dingtalk, feishu):
            vendor.time.at = clock.now()
        shown = (
            ("wecom_robot", f"{wecom.base}/cgi-bin/webhook/send?key={wecom.key}", ""),
            ("dingtalk_robot", f"{dingtalk.base}/robot/send?access_token={dingtalk.token}", dingtalk.robot_secret),
            ("feishu_robot", f"{feishu.base}/open-apis/bot/v2/hook/{feishu.token}", feishu.robot_secret),
        )
        for channel, url, secret in shown:
            robot(channel, {"url": url, "secret": secret}).carry(to="", words=WORDS, key="k1")
    assert [len(one.arrived) for one in (wecom, dingtalk, feishu)] == [1, 1, 1]


def test_a_robot_s_address_leads_only_out_of_the_house() -> None:
    wecom = WeCom()
    with serving(wecom), pytest.raises(NotCarried, match="inside_the_house"):
        robot("wecom_robot", {"url": f"{wecom.base}/x?key={wecom.key}"}).carry(to="", words=WORDS, key="k1")
    assert wecom.asked == []


@pytest.mark.parametrize("channel", ["wecom_robot", "dingtalk_robot", "feishu_robot", "webhook"])
@pytest.mark.parametrize("url", ["", "x", "https://user:S3CRET@host/?key=a&access_token=a", "ftp://host/a"])
def test_what_is_no_address_of_a_robot_is_told(channel: str, url: str) -> None:
    with pytest.raises(ValueError, match="url is no address") as wrong:
        robot(channel, {"url": url, "secret": "S3CRET"})
    assert "S3CRET" not in str(wrong.value)


def test_a_hook_s_secret_may_have_either_form() -> None:
    secret = new_secret()
    for text in (written(secret), "any words"):
        assert "any words" not in repr(robot("webhook", {"url": "https://host.example/", "secret": text}))
    with pytest.raises(ValueError, match="base64"):
        robot("webhook", {"url": "https://host.example/", "secret": "whsec_!"})


def test_a_check_greets_each_and_sends_nothing(tmp_path: Path) -> None:
    wecom, aliyun = WeCom(), AliyunServer(secret="S3CRET")
    with serving(wecom), serving(aliyun):
        aliyun.time.at = clock.now()
        at_wecom = WECOM | {"base": wecom.base}
        asked = [
            {"sms": {"carrier": "file", "folder": str(tmp_path / "sms"), "signature": "晴川物业"}},
            {"sms": ALIYUN | {"base": aliyun.base, "templates": TEMPLATES}},
            {"wecom": at_wecom | {"secret": wecom.secret}},
            {"wecom": at_wecom},
            {"feishu": FEISHU | {"base": "http://127.0.0.1:9"}},
        ]
        findings = [finding for one in asked for finding in channels(one)]
    good, bad = Grade.FINE, Grade.WARNING
    assert [one.grade for one in findings] == [bad, good, good, bad, bad]
    assert "wecom 40001" in findings[3].sentence
    assert wecom.arrived == []
    assert aliyun.arrived == []
