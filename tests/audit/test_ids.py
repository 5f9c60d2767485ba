"""Ids grow with time and never repeat."""

from __future__ import annotations

import threading

from audit.ids import new_id


def test_ids_of_one_process_grow_and_are_version_7() -> None:
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made)
    assert {key.version for key in made} == {7}


def test_threads_never_make_the_same_id() -> None:
    made: list[object] = []
    threads = [threading.Thread(target=lambda: made.extend(new_id() for _ in range(2_000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000
