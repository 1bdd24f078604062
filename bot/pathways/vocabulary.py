"""The closed lists of words that a pathway file may use, and what each stands for."""

from bot.domain.people import Role

# Who may be named in a ladder, a stage or a closure: the register's roles, and an action's own people.
ROLES = frozenset(Role) | {"owner", "deputy", "lead_professional", "lead_manager"}

# What a closure may ask to be on record before it is proposed (S3-34).
CLOSURE_NEEDS = frozenset({"actions_ended", "rating", "voice"})

# What a card in a channel may show, with its sensitivity; any field of a form may be named too (IG-03).
CHANNEL_WORDS = {
    "case_ref": 1,
    "pathway": 0,
    "stage": 1,
    "state": 1,
    "due": 1,
    "age": 1,
    "agency": 1,
    "meeting_date": 1,
    "action_ref": 1,
    "action_category": 0,
    "action_state": 1,
    "action_owner": 1,
}

# What an action must carry: these four always (S1-17, S2-17), the others where a council wants them.
ACTION_MUST = frozenset({"agency", "owner", "due", "review_on"})
ACTION_MAY = ACTION_MUST | {"category", "detail", "linked_risk", "linked_outcome"}

NEVER = frozenset({"reject_on_score_alone", "tell_perpetrator", "subject_attends"})

# The pathway's own sentences; each is sent to somebody, so each must be there.
TEXTS = frozenset(
    {
        "receipt_next_steps",
        "how_to_challenge",
        "accepted",
        "not_accepted",
        "needs_info",
        "redirected",
        "duplicate",
        "confidentiality",
        "help",
    }
)
