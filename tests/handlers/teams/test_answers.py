"""Our answers to invokes are, to the letter, what the SDK's models write."""

from typing import Any

import pytest
from microsoft_teams.api import (
    AdaptiveCardActionCardResponse,
    AdaptiveCardActionMessageResponse,
    AdaptiveCardAttachment,
    CardTaskModuleTaskInfo,
    MessagingExtensionActionResponse,
    TaskModuleContinueResponse,
    TaskModuleMessageResponse,
    TaskModuleResponse,
    card_attachment,
)
from microsoft_teams.cards import AdaptiveCard

from bot.handlers.teams import answers

CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "CV-7K4QMX"}]}


def sdk_dialog(response: Any) -> Any:
    card = card_attachment(AdaptiveCardAttachment(content=AdaptiveCard.model_validate(CARD)))
    info = CardTaskModuleTaskInfo(title="Raise a concern", height="large", width="medium", card=card)
    return response(task=TaskModuleContinueResponse(value=info))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (answers.dialog("Raise a concern", CARD), sdk_dialog(TaskModuleResponse)),
        (answers.dialog("Raise a concern", CARD), sdk_dialog(MessagingExtensionActionResponse)),
        (
            answers.closing_words("Thank you"),
            TaskModuleResponse(task=TaskModuleMessageResponse(value="Thank you")),
        ),
        (
            answers.card_for_presser(CARD),
            AdaptiveCardActionCardResponse(value=AdaptiveCard.model_validate(CARD)),
        ),
        (answers.words_for_presser("Done"), AdaptiveCardActionMessageResponse(value="Done")),
    ],
)
def test_an_answer_is_what_the_sdks_model_would_write(ours: Any, theirs: Any):
    written = theirs.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert ours == written
