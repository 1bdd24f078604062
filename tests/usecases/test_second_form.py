"""The second form is asked for until it has come in, and not again (S3-20)."""

from datetime import UTC, datetime

from bot.demo import drill_practice
from bot.drill.acts import Acts, Played
from bot.drill.script import Calendar, read_script
from bot.drill.workspace import fill_register
from bot.storage.engine import connect
from bot.storage.transaction import transactions
from bot.usecases.looks.referrals import own_referrals

WEDNESDAY = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)


def test_it_is_asked_for_until_the_pages_that_apply_are_answered(sqlite_database):
    begin, practice, script = transactions(connect(sqlite_database.url)), drill_practice(), read_script()
    fill_register(begin, now=WEDNESDAY)
    calendar = Calendar(practice, practice.today(WEDNESDAY))
    acts = Acts(begin, practice, calendar, script)
    story = next(each for each in script.stories if any(step.does == "complete" for step in each.steps))
    played, asked = Played(story=story), {}
    for step in story.steps:
        if step.does not in ("refer", "decide", "complete"):
            continue
        now = calendar.when(step, None)
        acts.do(played, step, now)
        with begin() as work:
            referrer = work.register.person(work.referrals.row(played.referral_id).referrer_id)
            [line] = own_referrals(work, practice, referrer, now)
        asked[step.does] = line.may_complete
    # Questions of pages that her answers do not lead to are never asked, and are not lacking.
    assert asked == {"refer": False, "decide": True, "complete": False}
