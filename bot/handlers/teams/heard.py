"""Which messages have been heard already: Teams sends one again when our 200 comes late."""

from collections import OrderedDict

from bot.handlers.teams.activity import Activity

MOST = 2_000


class Heard:
    """The newest of them, in memory: a copy that comes after a restart costs one answer more, and changes nothing."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._ids: OrderedDict[tuple[str, str], None] = OrderedDict()

    def is_copy(self, activity: Activity) -> bool:
        """Whether this very activity came before; from now on it has."""
        key = (activity.conversation, activity.id)
        known = key in self._ids
        self._ids[key] = None
        self._ids.move_to_end(key)
        while len(self._ids) > self._most:
            self._ids.popitem(last=False)
        return known
