"""What is not known to be safe is not done (IG-10, C11, S5-17)."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.safe_contact import ROUTES, SafeContact, from_answers

WORDS = st.text(alphabet="yesnoYN ?", max_size=12)
ANSWERS = st.one_of(
    st.none(),
    st.sampled_from(["yes", "no", "unknown", "YES", "Yes ", "", "maybe"]),
    st.lists(st.sampled_from(["yes", "no", "unknown"]), max_size=3),
    WORDS,
)


@given(st.dictionaries(st.sampled_from([f"safe_{route}" for route in ROUTES]), ANSWERS))
def test_a_route_is_open_only_where_the_referral_says_yes_and_nothing_else(answers):
    """IG-10: unknown, blank, missing and anything odd are all no."""
    known = from_answers(answers)
    for route in ROUTES:
        plain_yes = answers.get(f"safe_{route}") in ("yes", ["yes"])
        assert known.may_use(route) is plain_yes


@given(WORDS, WORDS)
def test_no_version_opens_a_route_by_anything_but_a_plain_yes(route, said):
    """IG-10: a route that nobody has heard of is no, whatever is said of it."""
    known = SafeContact(call=said, message=said, text=said, write=said)
    assert known.may_use(route) is (route in ROUTES and said == "yes")


def test_nothing_known_is_every_route_closed():
    """IG-10."""
    assert not any(from_answers({}).may_use(route) for route in ROUTES)


def test_unknown_as_a_number_is_no_number():
    """C11: "unknown" is never dialled."""
    assert from_answers({"phone": "unknown", "safe_times": "unknown"}) == SafeContact()
