"""What is told in the stories, by question. Every person, place and event in it is INVENTED."""

from typing import Any

Told = dict[str, Any]

MS_B: Told = {
    "call_back": "01632 960 601",
    "concern": (
        "Ms B owns her home and lives in it alone. Belongings fill each room to shoulder height; she sleeps in a "
        "chair by the door because nobody gets to the bed any more. There are flies and insects all year, and "
        "she fell twice this month and lay on the floor for hours."
    ),
    "concerns": ["Hoarding", "Self-neglect", "Fire risk at home"],
    "concern_on": "2026-02-20",
    "name": "Bridget Ellwood (invented)",
    "born": "1948-05-04",
    "address": "14 Quincetree Row, Aldermere (invented)",
    "consent": "Yes, they agreed",
    "third_party": "No",
    "can_protect": "Yes",
}
"""The first form, as a charity's befriender fills it in: nobody else knows yet that they have come for two years."""

MS_B_IN_FULL: Told = {
    "phone": "01632 960 644",
    "safe_call": "Yes",
    "safe_message": "No",
    "safe_text": "No",
    "safe_write": "Yes",
    "language": "English, no interpreter",
    "knows": "Yes",
    "views": "“It is my house and these are my things.” She would like to lie down to sleep, and to keep every letter.",
    "wants_part": "Yes, through somebody who speaks for them",
    "advocate": "Yes, and offered",
    "s42_needs": "Yes",
    "s42_risk": "Yes",
    "s42_unable": "No",
    "s42_reason": "She lets in whom she trusts, asks for help in her own way and can weigh what might happen.",
    "scope": "They have care and support needs",
    "clutter_living": "8",
    "clutter_kitchen": "9",
    "ways_out": "No",
    "fire_visit": "No",
    "alarms": "No",
    "fire_sources": "A camping stove on the stairs, candles, and one socket for everything.",
    "strengths": "She reads three newspapers daily, feeds the neighbours’ cats and laughs easily.",
    "capacity": "Assumed",
    "capacity_evidence": "She explained what another fall could do to her and what she would give up to avoid it.",
    "tried": (
        "Befriending visits every fortnight for two years, which she counts on\n"
        "Leaflets about fire, left at the door"
    ),
    "refused": "A skip, a deep clean, and a place in respite care.",
    "unmanageable": "We only sit and talk with her. None of us knew who else had been to that door.",
    "agencies_involved": [
        "Aldermere Council Adult Social Care",
        "Aldermere Fire and Rescue",
        "Kindly Company",
    ],
    "agencies_told": ["Aldermere Fire and Rescue"],
    "agencies_told_on": "2026-02-27",
    "risk_summary": "A fire on the stairs would close her only way out. Another fall could leave her lying for days.",
    "risk_on": "2026-02-25",
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
"""The second form, in which the two years come to light."""

MS_C: Told = {
    "call_back": "01632 960 101",
    "manager": "Isla Moncreiff",
    "concern": (
        "Ms C told her social worker that her former husband waits at the school gate, counts her money and put both "
        "hands around her throat on Sunday when she said that she would move out."
    ),
    "name": "Cordelia Varnham (invented)",
    "born": "1991-09-17",
    "address": "Flat 3, 27 Larchwood Terrace, Aldermere (invented)",
    "phone": "01632 960 655",
    "safe_call": "Yes",
    "safe_message": "No",
    "safe_text": "No",
    "safe_write": "No",
    "safe_times": "Weekdays between ten and noon, never in the evening",
    "afraid_of": "Her former husband and his elder brother, who drives past most nights",
    "safe_people": "Her aunt, and the school’s secretary",
    "unsafe_people": "The brother and everybody at the garage",
    "help_known": "No",
    "language": "English, no interpreter",
    "knows": "Yes",
    "consent": "Yes, they agreed",
    "views": "“I want to sleep through one night.” She wants to stay near the school and change the locks.",
    "idva": "No",
    "advocate": "No",
    "children": "Two at primary school, both with her; the younger one has stopped speaking in class",
    "harmer_name": "Rufus Skelding (invented)",
    "harmer_born": "1986-01-30",
    "harmer_address": "Unit 9, Old Ropeworks, Aldermere (invented)",
    "relationship": "Former partner",
    "criterion": ["My professional judgement"],
    "judgement": "It is quicker each time and she has begun to make light of it, which worries me the most.",
    "incidents": "4",
    "heard_before": "No",
    "tool_used": "No, it was not possible",
    "tool_why_not": "There was no time alone with her that was long enough.",
    "flags": ["Strangulation or suffocation"],
    "police_told": "Yes",
    "police_contact": "Yes",
    "steps_taken": "A spare key moved to her aunt, and a word agreed on for the telephone",
    "agencies_involved": ["Aldermere Police", "Larkfield Homes"],
    "mental_health": "No",
    "harmer_under_18": "No",
    "wanted": "A plan that holds at night as well, and one person who keeps in touch with her.",
    "quality": MS_B_IN_FULL["quality"],
}
"""A referral to MARAT: strangulation among the warning signs, so triage looks at it the same day."""
