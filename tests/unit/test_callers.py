"""Who may call: addresses as limits count them, sites, and programs on this computer."""

from types import SimpleNamespace
from typing import Any

import pytest

from channels.callers import address, has_token, is_foreign, is_local


def request(ip: str = "127.0.0.1", host: str = "localhost:5005", scheme: str = "http", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(ip=ip, remote_addr="", host=host, scheme=scheme, headers=named)


@pytest.mark.parametrize(
    ("ip", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
    ],
)
def test_limits_count_an_ipv4_address_or_an_ipv6_network(ip: str, counted: str) -> None:
    assert address(request(ip)) == counted


@pytest.mark.parametrize(
    ("origin", "foreign"),
    [
        ("http://localhost:5005", False),
        ("https://localhost:5005", True),  # another scheme
        ("http://localhost", True),
        ("http://localhost.evil.example", True),
        ("https://yoga.example", False),
        ("null", True),
        ("", True),
    ],
)
def test_a_site_is_known_by_scheme_host_and_port(origin: str, foreign: bool) -> None:
    for scheme in ("http", "ws"):
        assert is_foreign(request(scheme=scheme, origin=origin), {"https://yoga.example"}) is foreign


def test_a_name_that_points_here_is_not_us() -> None:
    rebound = request(host="evil.example:5005", origin="http://evil.example:5005")
    assert is_foreign(rebound, set())
    assert not is_foreign(rebound, {"http://evil.example:5005"})
    assert not is_foreign(request(), set())  # a program


def test_a_program_on_this_computer() -> None:
    assert is_local(request())
    assert is_local(request("::1", host="[::1]:5005"))
    assert not is_local(request("203.0.113.5"))
    assert not is_local(request(x_forwarded_for="203.0.113.5"))
    assert not is_local(request(host="evil.example"))


def test_a_token_is_compared_whole() -> None:
    assert has_token(request(authorization="Bearer secret"), "secret")
    for given in ("Bearer secre", "Bearer secret ", "secret", "", "bearer secret", "Bearer \udce9"):
        assert not has_token(request(authorization=given), "secret")
