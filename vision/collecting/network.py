"""Connections to public addresses only: a stranger's page must not lead into the operator's own network.

A name is looked up once, each of its addresses is checked, and the connection goes to a checked address, so that a name
which answers differently the second time gains nothing. Everything the collector asks for comes through here: pictures
and robots.txt by ``fetching``, whatever Chromium asks for by ``proxy``.
"""

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urlsplit

# (host, port) -> numeric addresses; (numeric address, port, seconds) -> an open connection
Lookup = Callable[[str, int], Sequence[str]]
Dial = Callable[[str, int, float], socket.socket]

# IPv4 addresses that a gateway reaches through IPv6 (RFC 6052): the last 32 bits are where a connection ends.
NAT64 = IPv6Network("64:ff9b::/96")


class Refused(Exception):
    """A page or picture that is not taken; the text says why, and what can be done about it.

    ``lasting`` says that another attempt would end the same way.
    """

    def __init__(self, sentence: str, *, lasting: bool = False) -> None:
        super().__init__(sentence)
        self.lasting = lasting


def check_address(address: str) -> SplitResult:
    """Take an address apart, if it is one that can be asked for.

    Raises:
        Refused: for file:, data:, javascript: and all but http: and https:, and for what is no address at all.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises ValueError for a port that is none
    except ValueError as error:
        raise Refused(f"This is no web address ({error}).", lasting=True) from error
    if parts.scheme not in ("http", "https"):
        kind = (
            f"{parts.scheme}: addresses are" if parts.scheme else "Addresses without http:// or https:// are"
        )
        raise Refused(f"{kind} not collected from. Give an address with http:// or https://.", lasting=True)
    if not parts.hostname:
        raise Refused(
            "The address names no host. Give one such as https://shop.example/dresses.", lasting=True
        )
    if parts.username is not None:
        raise Refused("The address holds a user name. Pages behind a login are not collected.", lasting=True)
    return parts


def normalised(address: str) -> str:
    """The address as it travels: without a fragment and surrounding blanks, other than ASCII characters encoded."""
    address = re.sub(r"[\t\r\n]", "", address.strip())  # as browsers do
    return quote(address.partition("#")[0], safe="%/:=&?~+!$,;'@()*[]")


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the public internet: neither private, loopback, link-local, multicast nor
    reserved, also where IPv6 carries an IPv4 address."""
    ip = ip_address(address.partition("%")[0])
    inner = _carried_by(ip)
    return ip.is_global and not ip.is_multicast and (inner is None or is_public(str(inner)))


def _carried_by(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(ip, IPv4Address):
        return None
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


class Network:
    """Opens connections; unless ``allow_private``, only to hosts all of whose addresses are public."""

    def __init__(
        self, *, allow_private: bool = False, lookup: Lookup | None = None, dial: Dial | None = None
    ) -> None:
        self.allow_private = allow_private
        self._lookup = lookup or _lookup
        self._dial = dial or _dial

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """Connect to a host by an address of it that was checked.

        Raises:
            Refused: when it is not known, is none of the public internet, or does not answer within ``seconds``.
        """
        try:
            addresses = self._lookup(host, port)
        except (OSError, UnicodeError) as error:
            raise Refused(f"The host {host} is not known. Check its name and the network.") from error
        for address in addresses:
            if not self.allow_private and not is_public(address):
                raise Refused(
                    f"{host} leads to {address}, which is not on the public internet. "
                    "If the pages of your own network are meant, say --allow-private."
                )
        for address in addresses:
            try:
                return self._dial(address, port, seconds)
            except OSError as error:
                failure: OSError = error
                continue
        raise Refused(f"{host} does not answer ({failure}). Try again later.")


def _lookup(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _dial(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), seconds)
