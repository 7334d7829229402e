"""Addresses under which others reach this machine. Nobody is asked, inside or outside: the system's routes are read."""

import socket
from collections.abc import Sequence

ALL = "", "0.0.0.0", "::"
HERE = "localhost", "127.0.0.1"
# Of a network that exists in documents only, and of private ones: which of our addresses would be used for these?
DESTINATIONS = "192.0.2.1", "10.255.255.255", "172.31.255.255", "192.168.255.255"


def own_addresses() -> list[str]:
    """Those of this machine in the networks that it is in, the one of the usual route first; none without a network.

    Connecting a datagram socket sends nothing.
    """
    found = []
    for destination in DESTINATIONS:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((destination, 9))
                found.append(probe.getsockname()[0])
            except OSError:
                continue
    return [address for address in dict.fromkeys(found) if not address.startswith("127.")]


def hosts(bound: str, named: Sequence[str] = ()) -> list[str]:
    """The names that browsers may call a server by that is bound to an address, what is told to others first.

    named  what whoever starts it calls it
    """
    if bound not in ALL:
        return list(dict.fromkeys([*named, bound, *(HERE if bound in HERE else ())]))
    name = socket.gethostname().lower()
    return list(dict.fromkeys([*named, *own_addresses(), name, f"{name.partition('.')[0]}.local", *HERE]))
