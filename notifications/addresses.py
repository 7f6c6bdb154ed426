"""Where messages to other systems may go: public addresses, unless WEBHOOK_ALLOW_PRIVATE says otherwise."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = {"http": 80, "https": 443}
# What Python takes for public: Azure's machines ask their host at the first; of the second, protocol assignments,
# Oracle Cloud has its metadata.
METADATA = (ipaddress.ip_network("168.63.129.16/32"), ipaddress.ip_network("192.0.0.0/24"))
# RFC 6052: the last four bytes are an IPv4 address behind a translator.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotAllowed(Exception):
    """A name leads to an address that nothing may be sent to."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a machine on the internet.

    Not so: private, loopback, link-local (where clouds keep their metadata), shared (RFC 6598, Alibaba Cloud's
    metadata), multicast and reserved ones, and IPv6 addresses that stand for such an IPv4 one.
    """
    found = _plain(ipaddress.ip_address(address.partition("%")[0]))
    if any(found in network for network in METADATA):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    behind = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or behind or address


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, asked once: whoever connects, connects to one of these.

    Raises NotAllowed if one of them may not be sent to, OSError if the name leads nowhere.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("no host name") from error
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(map(is_public, found)):
        raise NotAllowed
    return found


def port_of(parts: SplitResult) -> int:
    """The port of an address; its scheme's own where it names none. Raises ValueError for nonsense."""
    return parts.port or PORTS[parts.scheme]


def wrong_address(url: str) -> str | None:
    """Why nothing can be sent to `url`, as a sentence; None if it can.

    A name that leads nowhere at the moment is let pass: it is asked again whenever something is sent.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", port_of(parts) if parts.scheme in PORTS else 0
    except ValueError:
        return _("This is no address.")
    if not host or not port or not url.isprintable() or " " in url:
        return _("Write an address that begins with https:// or http://.")
    if parts.username is not None or parts.fragment:
        return _("Leave out the user, the password and whatever follows a #.")
    try:
        resolve(host, port)
    except NotAllowed:
        return _("This address is inside a network of your own; nothing is sent there.")
    except OSError:
        return None
    return None
