"""Who may do what to which thing, written out whole and reviewed as text (IG-05, IG-22, IG-26).

After a change of the policy run this file, read the difference as a data protection officer would, and commit it:
`.venv/bin/python tests/governance/test_access_matrix.py`.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.domain.access import VERBS, Thing, may
from bot.domain.people import Person, Role

GOLDEN = Path(__file__).with_name("access_matrix.txt")
HEAD = """Who may do what, by what the thing is to them. Somebody with several roles may do what any one of them may.
Written by tests/governance/test_access_matrix.py from bot/domain/access.py; read every change of it.
"""

ME = Person(id="me", area="here", agency_id="mine", name="Somebody", email="me@aldermere.example")
FAR = Thing(area="here", agencies=frozenset({"theirs"}), people=frozenset({"they"}), owner_agency="theirs")

TIES: Mapping[str, Thing] = {
    "no tie to it": FAR,
    "referred it": replace(FAR, referrer_id="me"),
    "their agency works on it": replace(FAR, agencies=frozenset({"mine", "theirs"})),
    "named on it": replace(FAR, people=frozenset({"me", "they"})),
    "its chair": replace(FAR, people=frozenset({"me"}), chair_id="me"),
    "leads on it": replace(FAR, people=frozenset({"me"}), lead_id="me"),
    "owns the action": replace(FAR, owner_id="me", owner_agency="mine"),
    "deputy of its owner": replace(FAR, owner_id="they", deputy_id="me", owner_agency="mine"),
    "a colleague owns it": replace(FAR, owner_id="they", owner_agency="mine"),
}
SHUT_OUT: Mapping[str, tuple[Person, Thing]] = {
    "barred from it": (
        ME,
        replace(TIES["its chair"], referrer_id="me", owner_id="me", barred=frozenset({"me"})),
    ),
    "of another area": (
        replace(ME, area="elsewhere"),
        replace(TIES["its chair"], referrer_id="me", owner_id="me"),
    ),
    "no longer active": (
        replace(ME, active=False),
        replace(TIES["its chair"], referrer_id="me", owner_id="me"),
    ),
}


def matrix() -> str:
    """The policy as text: each verb, each tie, the roles that may."""
    lines = [HEAD]
    for verb in sorted(VERBS):
        lines.append(verb)
        lines += [f"    {tie:<26}{_roles(verb, ME, thing)}" for tie, thing in TIES.items()]
        lines += [f"    {tie:<26}{_roles(verb, *who)}" for tie, who in SHUT_OUT.items()]
        lines.append("")
    return "\n".join(lines)


def _roles(verb: str, person: Person, thing: Thing) -> str:
    allowed = [role for role in Role if may(replace(person, roles=frozenset({role})), verb, thing)]
    if may(replace(person, roles=frozenset()), verb, thing):
        return "anybody"
    return ", ".join(sorted(allowed)) or "nobody"


def test_the_policy_is_the_one_that_was_reviewed():
    assert matrix() == GOLDEN.read_text(encoding="utf-8"), (
        "read the difference, then run this file to accept it"
    )


def test_nobody_who_is_shut_out_may_do_anything():
    """A person barred from a case, of another area, or gone, whatever roles they hold at once (IG-22, IG-24)."""
    everything = frozenset(Role)
    allowed = [
        (tie, verb)
        for tie, (person, thing) in SHUT_OUT.items()
        for verb in VERBS
        if may(replace(person, roles=everything), verb, thing)
    ]
    assert allowed == []


def test_running_the_installation_is_no_reason_to_read_a_case():
    """IG-26: an administrator, an auditor, an observer and a board contact see no case by their role."""
    reading = [verb for verb in VERBS if verb.endswith(".read") and verb != "audit.read"]
    for role in (Role.ADMIN, Role.AUDITOR, Role.IG_LEAD, Role.OBSERVER, Role.BOARD, Role.MINUTE_TAKER):
        assert [verb for verb in reading if may(replace(ME, roles=frozenset({role})), verb, FAR)] == []


def test_what_nobody_has_thought_of_is_refused():
    assert not may(replace(ME, roles=frozenset(Role)), "case.publish", TIES["its chair"])


if __name__ == "__main__":
    GOLDEN.write_text(matrix(), encoding="utf-8")
