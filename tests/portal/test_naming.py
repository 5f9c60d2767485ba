"""Names made from sentences end with whole words."""

from __future__ import annotations

import pytest

from portal.naming import LONGEST_IDENTIFIER, LONGEST_TITLE, free, identifier_for, identifier_of, title_for

LONG = "Whenever containerised microservices communicate internationally, authentication infrastructure is mandatory"


def test_a_title_is_as_many_whole_words_as_there_is_room_for() -> None:
    title = title_for(LONG)
    assert len(title) <= LONGEST_TITLE
    assert title == "Whenever containerised microservices communicate internationally authentication"
    assert title_for("Short, and sweet.") == "Short and sweet."


def test_an_identifier_ends_with_a_whole_word() -> None:
    assert identifier_for(LONG) == "whenever_containerised_microservices_communicate"
    assert len(identifier_for(LONG)) <= LONGEST_IDENTIFIER


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("New Java service", "new_java_service"), ("2nd try", "p_2nd_try"), ("!!", "new"), ("x" * 70, "x" * 60)],
)
def test_a_name_becomes_an_identifier(name: str, identifier: str) -> None:
    assert identifier_of(name, "new") == identifier


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert free("owner", {"other"}) == "owner"
    assert free("owner", {"owner", "owner_2"}) == "owner_3"
