"""Form fields more than one app needs."""

import gettext
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from common.borrowed import SENTENCES
from common.fields import MomentField


@pytest.mark.parametrize("moment", ["2027-03-14T02:30", "2027-11-07T01:30"])
def test_a_moment_the_readers_clock_shows_twice_or_never_is_asked_again_in_plain_words(moment):
    with timezone.override(ZoneInfo("America/New_York")), translation.override("en"):
        with pytest.raises(ValidationError, match="The clocks are changed in this hour"):
            MomentField().clean(moment)
        assert MomentField().clean(moment.replace("T0", "T1")).tzinfo == ZoneInfo("America/New_York")


def test_what_django_says_of_a_form_is_said_in_chinese_of_our_own():
    theirs = gettext.translation("django", Path(django.__file__).parent / "conf" / "locale", ["zh_Hans"])
    with translation.override("zh-hans"):
        for sentence in SENTENCES:
            assert translation.gettext(sentence) not in {sentence, theirs.gettext(sentence)}
        for typed, told in {
            "长" * 9: "最多 5 个字符，现在有 9 个。",
            "a\0": "这里混入了看不见的空字符，请删掉后再试。",
            "": "请填写这一项。",
        }.items():
            with pytest.raises(ValidationError) as refused:
                forms.CharField(max_length=5).clean(typed)
            assert refused.value.messages == [told]
