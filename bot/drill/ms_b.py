"""What is told about Ms B in the tour, by question. She is INVENTED, and so is everything said of her."""

from bot.local.filling import Wanted

CONCERN: dict[str, Wanted] = {
    "danger": "No",
    "call_back": "01632 960 601",
    "concern": (
        "Ms B lives alone in the house that she owns. The rooms are full to the shoulder; she sleeps in a chair by the "
        "door because she cannot reach her bed. Last week she fell and lay on the floor for hours."
    ),
    "concerns": ["Hoarding", "Self-neglect", "Fire risk at home"],
    "name": "Bridget Bell (invented)",
    "age_estimate": "78",
    "address": "14 Quince Row (invented), Aldermere",
    "consent": "Yes, they agreed",
    "third_party": "No",
    "can_protect": "Yes",
}

IN_FULL: dict[str, Wanted] = {
    "safe_call": "Yes",
    "knows": "Yes",
    "views": "“It is my house and these are my things.” She would like to lie down to sleep, and to keep every letter.",
    "wants_part": "Yes, through somebody who speaks for them",
    "advocate": "Yes, and offered",
    "s42_needs": "Yes",
    "s42_risk": "Yes",
    "s42_unable": "No",
    "s42_reason": "She lets in whom she trusts, and can weigh what might happen to her.",
    "scope": "They have care and support needs",
    "clutter_living": "8",
    "clutter_bedroom": "9",
    "ways_out": "No",
    "alarms": "No",
    "strengths": "She reads three newspapers a day, feeds the neighbours’ cats and trusts Mary.",
    "capacity": "Assumed, with no reason for doubt",
    "capacity_evidence": "She told us what another fall could do to her, and what she would give up to avoid it.",
    "tried": (
        "Befriending visits every fortnight for two years, which she has come to count on\n"
        "Advice about fire, left at the door by two agencies that did not know of each other"
    ),
    "unmanageable": "We only sit and talk. Nobody else knew that we come, and we did not know who else had been.",
    "agencies_involved": [
        "Aldermere Council Adult Social Care",
        "Aldermere Fire and Rescue",
        "Kindly Company",
    ],
    "risk_summary": "A fire on the stairs would close her only way out. Another fall could leave her lying for days.",
    "wanted": "Everybody to know what the others know, and a clear way to the bed and to the door.",
    "quality": [
        "Accurate",
        "From somebody in a position to know",
        "Reliable",
        "Up to date",
        "Relevant to the risk",
        "Complete, as far as you know",
    ],
}

PLAN = (
    (
        "Aldermere Fire and Rescue",
        "Dan Rusk",
        "Home fire safety visit",
        "Visit with Mary, fit alarms on both floors and agree with her on a way out that stays clear.",
        "In 5 working days",
    ),
    (
        "Kindly Company",
        "Mary Osei",
        "Share information",
        "Write down for all agencies what two years of visits have taught about how she says yes.",
        "In 3 working days",
    ),
    (
        "Aldermere Council Adult Social Care",
        "Joel Marsh",
        "Care needs assessment",
        "Offer the assessment again, at her door and with Mary there, and report what she would accept.",
        "In 5 working days",
    ),
    (
        "Aldermere NHS Trust",
        "Owen Pritchard",
        "Health review",
        "See her at home with Mary: the fall, her skin, her medicines. Tell Ruth what pain stands in the way.",
        "In 3 working days",
    ),
)
"""Agency, owner, category, what will be done, and when."""

SAY_YES = ("anya", "grace", "nadia", "beth", "dan", "mary")
"""One person for each agency who may agree for it to the end."""
