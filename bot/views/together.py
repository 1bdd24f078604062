"""What may be seen of how agencies divide a case, and of where else it was taken.

Only `OnwardPage` and `OnwardForm` hold what people wrote, and they are opened in a dialog by somebody who may.
"""

from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True, kw_only=True)
class OnwardLine:
    """One referral onward. `state` is `waiting`, `received`, `heard` or `withdrawn`; days are those it says."""

    id: str
    route: str
    forum: str
    why: str
    pack: tuple[str, ...]
    sent_on: date
    sent_by: str
    state: str
    on: date | None
    said: str
    moves: bool


@dataclass(frozen=True, kw_only=True)
class OnwardRoute:
    """A route of the pathway and when it is for."""

    id: str
    label: str
    when: str


@dataclass(frozen=True, kw_only=True)
class OnwardPage:
    """A case's referrals onward, those that nobody has said arrived first, and what can be done about them."""

    case_id: str
    ref: str
    lines: tuple[OnwardLine, ...]
    more: int
    routes: tuple[OnwardRoute, ...]
    may_begin: bool


@dataclass(frozen=True, kw_only=True)
class OnwardForm:
    """What the form of a new one is filled in with, or that of an answer about `line`; `form` is the form's own id."""

    case_id: str
    ref: str
    form: str
    today: date
    routes: tuple[OnwardRoute, ...] = ()
    pack: tuple[Pick, ...] = ()
    answers: tuple[Pick, ...] = ()
    line: OnwardLine | None = None


@dataclass(frozen=True, kw_only=True)
class OnwardNote:
    """That nobody has said whether something sent on arrived: a reference and days, not even where it went."""

    id: str
    case_id: str
    ref: str
    sent_on: date
    days: int
    drill: bool
