"""Everything a person reads exists in both languages."""

from devtools.messages import problems


def test_every_string_has_its_chinese_and_no_other_does():
    assert problems() == []
