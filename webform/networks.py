"""Networks: whom an address of the net stands for."""

from ipaddress import IPv6Address, ip_address, ip_network


def network(address: str | None) -> str:
    """Name the network that an address stands for: itself for IPv4, its /64 for IPv6, where one host has many.

    Anything that is not an address (a socket path, nothing) is one network of its own.
    """
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ip_network((parsed, 64), strict=False))
        parsed = parsed.ipv4_mapped
    return f"{parsed}/32"
