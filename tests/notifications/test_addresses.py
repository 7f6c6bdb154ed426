"""Which addresses may be told something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.addresses import is_public, wrong_address

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "169.254.0.23", "100.100.100.200",
    "168.63.129.16", "0.0.0.0", "224.0.0.1", "239.1.1.1", "255.255.255.255", "192.0.0.192", "::1", "::",
    "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_a_house_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "223.5.5.5", "2400:3200::1", "::ffff:223.5.5.5"])
def test_addresses_on_the_internet_are(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_changes_nothing(address):
    number = int(address)
    assert is_public(f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}") == is_public(str(address))
    assert is_public(f"::ffff:{address}") == is_public(str(address))


@pytest.mark.parametrize(
    "url",
    [
        "", "hook", "ftp://a.example/", "http://", "http://[::1", "https://a.example:99999/", "http://a b/",
        "https://me:pass@a.example/", "https://a.example/#x", "http://127.0.0.1/", "http://0x7f000001/",
        "http://[::1]:8000/", "https://169.254.169.254/latest/meta-data/", "http://localhost/",
    ],
)  # fmt: skip
def test_an_address_nothing_may_be_sent_to_is_refused_with_a_sentence(url):
    assert wrong_address(url)


def test_a_name_that_leads_nowhere_at_the_moment_is_let_pass():
    assert wrong_address("https://nowhere.invalid/hook?key=1") is None


def test_a_house_of_ones_own_may_be_allowed(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    assert wrong_address("http://127.0.0.1:8000/hook") is None
