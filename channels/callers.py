"""Who is calling: from which address, for which site, and with which right."""

import hmac
import ipaddress
from urllib.parse import urlsplit

from sanic import Request

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")  # a proxy's: the caller is somebody else
IPV6_NETWORK = 64  # bits; whoever has one address of such a network has all


def address(request: Request) -> str:
    """Returns the address that limits count by: an IPv4 address, or the network of an IPv6 address."""
    text = request.remote_addr or request.ip
    try:
        ip = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return text
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, IPV6_NETWORK), strict=False))
    return str(ip)


def is_local(request: Request) -> bool:
    """Returns whether the caller is a program on this computer, not one behind a proxy or a web page."""
    try:
        ip = ipaddress.ip_address(request.ip)
    except ValueError:
        return False
    return ip.is_loopback and not any(name in request.headers for name in FORWARDED) and _is_plain_host(request.host)


def is_foreign(request: Request, allowed: set[str]) -> bool:
    """Returns whether a page of a site that is not `allowed` makes the request; programs name no site.

    A page of this server itself is known by its host only where that is an address or localhost: any other
    name can be made to point here (DNS rebinding), so it must be among the allowed.
    """
    origin = request.headers.get("origin")
    if origin is None or "*" in allowed or origin in allowed:
        return False
    scheme = {"ws": "http", "wss": "https"}.get(request.scheme, request.scheme)
    return not (_is_plain_host(request.host) and origin == f"{scheme}://{request.host}")


def has_token(request: Request, token: str) -> bool:
    """Returns whether the request has `Authorization: Bearer` and the token."""
    given = request.headers.get("authorization", "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode())


def _is_plain_host(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
