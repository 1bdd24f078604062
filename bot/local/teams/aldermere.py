"""Two tenants of the invented town of Aldermere: enough people and rooms for every kind of conversation."""

from bot.local.teams.seats import Person, Room

COUNCIL = "11111111-aaaa-4aaa-8aaa-000000000001"
HEARTH = "22222222-bbbb-4bbb-8bbb-000000000002"
ELSEWHERE = "99999999-eeee-4eee-8eee-000000000009"
"""A tenant that is on nobody's list."""


def _person(number: int, name: str, email: str, tenant: str, *, is_guest: bool = False) -> Person:
    object_id = f"00000000-0000-4000-8000-{number:012d}"
    mri = f"29:1Aldermere{number:02d}"
    return Person(mri=mri, object_id=object_id, name=name, email=email, tenant=tenant, is_guest=is_guest)


TOM = _person(1, "Tom Askew", "tom@council.example", COUNCIL)
RUTH = _person(2, "Ruth Adeyemi", "ruth@council.example", COUNCIL)
PRIYA = _person(3, "Priya Nadar", "priya@hearth.example", HEARTH)
OWEN = _person(4, "Owen Pryce", "owen@hearth.example", HEARTH)
MORAG = _person(5, "Morag Lennie", "morag@surgery.example", COUNCIL, is_guest=True)

PEOPLE = (TOM, RUTH, PRIYA, OWEN, MORAG)

PANEL = Room(
    id="19:panel0001@thread.tacv2",
    kind="channel",
    tenant=COUNCIL,
    members=(TOM.mri, RUTH.mri, MORAG.mri),
    name="Panel",
    team="19:team0001@thread.tacv2",
)
MEETING = Room(
    id="19:meeting_0001@thread.v2",
    kind="groupChat",
    tenant=COUNCIL,
    members=(TOM.mri, RUTH.mri, MORAG.mri),
    name="Panel meeting",
)
HEARTH_CHAT = Room(id="a:1hearth0001", kind="personal", tenant=HEARTH, members=(PRIYA.mri,))
ROOMS = (PANEL, MEETING, HEARTH_CHAT)
