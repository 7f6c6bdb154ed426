"""WeCom, DingTalk and Feishu: how each is asked and how each says no.

All three answer 200 to what they refuse and say so in the body. The apprise library judges WeCom and DingTalk by the
status alone, signs nothing for Feishu, and returns one bit for all of them, so that a rate limit looks like a wrong
key. These three therefore have their own few lines here; `through_apprise` sends to the others.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from notifications.channels import Answer, Away, TryLater
from notifications.channels.posting import Reply, post
from notifications.models import Target
from notifications.vocabulary import TargetKind

OK, TOO_MANY_REQUESTS = 200, 429


@dataclass(frozen=True)
class Platform:
    """How a platform is asked (address and body of a text) and what its answers mean.

    `codes` are the fields of the answer that say how it went, 0 for well; `busy` the codes of a rate limit.
    """

    asked: Callable[[Target, str, datetime], tuple[str, dict[str, Any]]]
    codes: tuple[str, ...]
    busy: frozenset[int]


def say(target: Target, text: str, *, at: datetime) -> Answer:
    """Have the robot say it. Raises Away for a rate limit and for silence, TryLater for any other refusal."""
    platform = PLATFORMS[target.kind]
    url, body = platform.asked(target, text, at)
    said = json.dumps(body, ensure_ascii=False).encode()
    reply = post(url, said, {"Content-Type": "application/json; charset=utf-8"})
    _judge(platform, reply)
    return reply.answer


def _judge(platform: Platform, reply: Reply) -> None:
    status = reply.answer.status
    code = _code(platform, reply.body)
    if status == TOO_MANY_REQUESTS or code in platform.busy:
        raise Away(f"rate limit {code or status}", answer=reply.answer)
    if status != OK:
        raise TryLater(f"HTTP {status}", answer=reply.answer)
    if code is None:
        raise TryLater("unreadable answer", answer=reply.answer)
    if code != 0:
        raise TryLater(f"refused {code}", answer=reply.answer)


def _code(platform: Platform, body: bytes) -> int | None:
    """The code in an answer; None if there is none."""
    try:
        said = json.loads(body)
    except ValueError:
        return None
    found = (said.get(name) for name in platform.codes) if isinstance(said, dict) else ()
    return next((code for code in found if isinstance(code, int)), None)


def _wecom(target: Target, text: str, _at: datetime) -> tuple[str, dict[str, Any]]:
    """https://developer.work.weixin.qq.com/document/path/91770"""
    return target.url, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(target: Target, text: str, at: datetime) -> tuple[str, dict[str, Any]]:
    """https://open.dingtalk.com/document/orgapp/custom-robot-access; signed in the address if there is a secret."""
    url = target.url
    if target.secret:
        moment = str(int(at.timestamp() * 1000))
        sign = _hmac(target.secret.encode(), f"{moment}\n{target.secret}".encode())
        url += f"{'&' if '?' in url else '?'}timestamp={moment}&sign={quote_plus(sign)}"
    return url, {"msgtype": "text", "text": {"content": text}}


def _feishu(target: Target, text: str, at: datetime) -> tuple[str, dict[str, Any]]:
    """https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot; what is signed is the key, of no message."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if target.secret:
        moment = str(int(at.timestamp()))
        body |= {"timestamp": moment, "sign": _hmac(f"{moment}\n{target.secret}".encode(), b"")}
    return target.url, body


def _hmac(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


PLATFORMS: dict[str, Platform] = {
    TargetKind.WECOM: Platform(_wecom, ("errcode",), frozenset({45009})),
    TargetKind.DINGTALK: Platform(_dingtalk, ("errcode",), frozenset({130101, 410100})),
    TargetKind.FEISHU: Platform(_feishu, ("code", "StatusCode"), frozenset({11232, 99991400})),
}
