"""Who does what in a case: which roles nobody has, and which more than one agency has (S2-28). Pure."""

from collections.abc import Collection, Iterable, Mapping

from bot.domain.pathway import Choice


def empty(roles: Iterable[Choice], held: Mapping[str, Collection[str]]) -> tuple[Choice, ...]:
    """The roles that no agency has, in the order of the pathway's list."""
    return tuple(role for role in roles if not held.get(role.id))


def doubled(roles: Iterable[Choice], held: Mapping[str, Collection[str]]) -> tuple[Choice, ...]:
    """The roles that more than one agency has: it may be meant so, and then one of them leads."""
    return tuple(role for role in roles if len(held.get(role.id, ())) > 1)
