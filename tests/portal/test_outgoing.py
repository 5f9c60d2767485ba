"""Answers wait for their readers, and not the threads that made them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from portal import outgoing
from portal.outgoing import KEPT_BYTES, SMALL_BYTES, Answer, CutOff, Shelf


class Reader:
    """A visitor who reads when told to."""

    def __init__(self, reads: bool = True) -> None:
        self.got: list[Any] = []
        self.goes_on = asyncio.Event()
        if reads:
            self.goes_on.set()

    async def send(self, message: Any) -> None:
        await self.goes_on.wait()
        self.got.append(message)

    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in self.got)


def part(body: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def all_said(answer: Answer, *parts: bytes) -> None:
    await answer({"type": "http.response.start", "status": 200, "headers": []})
    for each in parts:
        await answer(part(each))


def test_a_slow_reader_is_not_waited_for_and_gets_everything_in_its_order() -> None:
    async def run() -> None:
        reader, shelf = Reader(reads=False), Shelf()
        answer = Answer(reader.send, shelf)
        parts = [bytes([n]) * 8192 for n in range(100)]
        await asyncio.wait_for(all_said(answer, *parts), 1)
        assert reader.got == []
        assert shelf.held == 100 * 8192 - SMALL_BYTES
        reader.goes_on.set()
        await answer.finish()
        assert reader.got[0]["type"] == "http.response.start"
        assert reader.body() == b"".join(parts)
        assert shelf.held == 0

    asyncio.run(run())


def test_what_is_long_goes_out_as_fast_as_it_is_read() -> None:
    async def run() -> None:
        reader = Reader(reads=False)
        answer = Answer(reader.send, Shelf())
        saying = asyncio.create_task(all_said(answer, *[b"x" * KEPT_BYTES] * 3))
        await asyncio.sleep(0.05)
        assert not saying.done()
        reader.goes_on.set()
        await saying
        await answer.finish()
        assert len(reader.body()) == 3 * KEPT_BYTES

    asyncio.run(run())


def test_who_reads_nothing_is_cut_off_and_the_thread_comes_to_its_end() -> None:
    async def run() -> None:
        shelf = Shelf()
        answer = Answer(Reader(reads=False).send, shelf, stalled_s=0.01)
        await asyncio.wait_for(all_said(answer, *[b"x" * KEPT_BYTES] * 50), 1)
        with pytest.raises(CutOff, match="nothing was read"):
            await answer.finish()
        assert shelf.held == 0

    asyncio.run(run())


def test_small_answers_have_their_place_while_many_large_ones_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "HELD_BYTES", SMALL_BYTES)

    async def run() -> None:
        shelf, readers = Shelf(), [Reader(reads=False) for _ in range(3)]
        first, second, small = (Answer(reader.send, shelf) for reader in readers)
        await all_said(first, b"x" * (2 * SMALL_BYTES))
        await all_said(second, b"x" * (SMALL_BYTES + 1))
        await all_said(small, b"x" * SMALL_BYTES)
        for reader in readers:
            reader.goes_on.set()
        await first.finish()
        await small.finish()
        with pytest.raises(CutOff, match="too many answers"):
            await second.finish()
        assert shelf.held == 0

    asyncio.run(run())


def test_a_fault_on_the_way_out_is_told_once_the_application_is_through() -> None:
    async def broken(_: Any) -> None:
        raise ValueError("a fault")

    async def run() -> None:
        answer = Answer(broken, Shelf())
        await all_said(answer, b"one", b"two")
        with pytest.raises(ValueError, match="a fault"):
            await answer.finish()

    asyncio.run(run())


def test_what_is_given_up_takes_no_memory() -> None:
    async def run() -> None:
        shelf = Shelf()
        answer = Answer(Reader(reads=False).send, shelf)
        await all_said(answer, b"x" * KEPT_BYTES)
        answer.close()
        assert shelf.held == 0

    asyncio.run(run())
