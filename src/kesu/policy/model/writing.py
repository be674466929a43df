"""What people write into a case without taking a step: rules may hold it back as they hold back steps."""

from __future__ import annotations

from enum import StrEnum


class Writing(StrEnum):
    NOTE = "note"  # for the house alone
    MESSAGE = "message"  # from the house to the customer
    WORDS = "words"  # from the customer, behind his link
    GUEST = "guest"  # somebody outside is let in, or is written to
    GUEST_WORDS = "guest_words"  # from somebody outside who was let in
    MATTER = "matter"  # joined to other cases of the same matter, or taken out of it
    FILE = "file"  # a file is described or marked


WRITING_NAMES: dict[Writing, str] = {
    Writing.NOTE: "备注",
    Writing.MESSAGE: "给客户的消息",
    Writing.WORDS: "客户的来话",
    Writing.GUEST: "请外部的人、给他们写话",
    Writing.GUEST_WORDS: "外部的人的来话",
    Writing.MATTER: "并入或移出同一事项",
    Writing.FILE: "文件的说明和标注",
}
"""As policies are told in Chinese."""
