"""What may be seen of how agencies divide a case: roles and agencies, nothing of the person."""

from dataclasses import dataclass

from bot.views.meeting import Pick


@dataclass(frozen=True, kw_only=True)
class RoleLine:
    """One role of a case; `held` are ids of agencies, `agencies` their names."""

    id: str
    label: str
    held: tuple[str, ...]
    agencies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleGrid:
    """Who does what in a case, as it is set; `empty` and `doubled` are the roles to look at again, as words."""

    case_id: str
    ref: str
    lines: tuple[RoleLine, ...]
    agencies: tuple[Pick, ...]
    empty: tuple[str, ...]
    doubled: tuple[str, ...]
