"""Form fields more than one app needs."""

from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from common.fields import MomentField


@pytest.mark.parametrize("moment", ["2027-03-14T02:30", "2027-11-07T01:30"])
def test_a_moment_the_readers_clock_shows_twice_or_never_is_asked_again_in_plain_words(moment):
    with timezone.override(ZoneInfo("America/New_York")), translation.override("en"):
        with pytest.raises(ValidationError, match="The clocks are changed in this hour"):
            MomentField().clean(moment)
        assert MomentField().clean(moment.replace("T0", "T1")).tzinfo == ZoneInfo("America/New_York")
