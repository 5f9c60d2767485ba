"""Logs keep every byte they acknowledged, no secret, and never end in silence."""

from __future__ import annotations

import base64
import random
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import DatabaseError, transaction

from audit import executions, logs
from audit.executions import LeaseLost
from audit.log_limits import LineLimit
from audit.logs import LogWriter
from audit.logstores.filesystem import FilesystemLogStore
from audit.logstores.memory import MemoryLogStore
from audit.masking import LOG_MASK, StreamMask
from audit.models import LogChunk
from audit.neutral import lines, neutral
from audit.ports import LogMissing, LogStore
from tests.audit.test_executions import expire, running


@pytest.fixture(params=["memory", "filesystem"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> LogStore:
    return MemoryLogStore() if request.param == "memory" else FilesystemLogStore(tmp_path / "logs")


class TestEveryStore:
    def test_reads_back_what_was_appended(self, store: LogStore) -> None:
        store.append("a/b/1.log", 0, b"hello ")
        store.append("a/b/1.log", 6, b"world")
        assert store.read("a/b/1.log", 3, 5) == b"lo wo"

    def test_writes_over_bytes_that_nobody_acknowledged(self, store: LogStore) -> None:
        store.append("a", 0, b"kept, lost")
        store.append("a", 5, b" new")
        assert store.read("a", 0, 9) == b"kept, new"

    def test_says_when_bytes_are_missing(self, store: LogStore) -> None:
        store.append("a", 0, b"1234")
        for key, length in (("a", 5), ("b", 1)):
            with pytest.raises(LogMissing):
                store.read(key, 0, length)

    def test_refuses_a_hole(self, store: LogStore) -> None:
        with pytest.raises(OSError, match="fewer than"):
            store.append("a", 10, b"x")


def test_a_file_store_refuses_keys_that_leave_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="leaves the store"):
        FilesystemLogStore(tmp_path).append("../x", 0, b"")


@pytest.mark.django_db
class TestWriting:
    def test_a_log_is_kept_in_order_with_its_end_stated(self, store: LogStore) -> None:
        lease = running()
        writer = LogWriter(store, lease, "build")
        writer.write("stdout", b"one\n")
        writer.write("stdout", b"two\n")
        end = writer.close()
        assert (end.length, end.complete, end.note) == (8, True, "")
        part = logs.read(store, lease.execution_id, "build")
        assert (part.data, part.end, part.next_offset) == (b"one\ntwo\n", True, 8)
        assert logs.check(store, lease.execution_id, "build") == []
        run = executions.finish(lease, "succeeded")
        assert run.logs["build"]["root"] == end.root

    def test_large_output_becomes_chunks_of_64_kb(self, store: LogStore) -> None:
        lease = running()
        writer = LogWriter(store, lease, "build")
        sent = b"".join(b"line %d\n" % n for n in range(30_000))
        for start in range(0, len(sent), 10_000):
            writer.write("stdout", sent[start : start + 10_000])
        writer.close()
        sizes = list(LogChunk.objects.values_list("length", flat=True))
        assert max(sizes) <= 64 * 1024
        assert sum(sizes) == len(sent)
        assert b"".join(logs.download(store, lease.execution_id, "build")) == sent
        assert logs.check(store, lease.execution_id, "build") == []

    def test_a_viewer_reads_on_from_where_it_was(self, store: LogStore) -> None:
        lease = running()
        writer = LogWriter(store, lease, "build")
        writer.write("stdout", b"first\n")
        writer.flush()
        part = logs.read(store, lease.execution_id, "build")
        assert (part.data, part.end) == (b"first\n", False)
        writer.write("stdout", b"second\n")
        writer.flush()
        assert logs.read(store, lease.execution_id, "build", part.next_offset).data == b"second\n"
        assert logs.read(store, lease.execution_id, "build", -3).data == b"nd\n"

    def test_what_is_a_second_old_is_kept_without_more_output(self, store: LogStore) -> None:
        lease = running()
        writer = LogWriter(store, lease, "build")
        writer.write("stdout", b"slow\n")
        assert logs.read(store, lease.execution_id, "build").data == b""
        writer._oldest -= 2
        writer.tick()
        assert logs.read(store, lease.execution_id, "build").data == b"slow\n"

    def test_a_dead_workers_fence_writes_nothing(self, store: LogStore) -> None:
        lease = running()
        writer = LogWriter(store, lease, "build")
        writer.write("stdout", b"mine\n")
        writer.flush()
        expire(lease)
        executions.sweep()
        writer.write("stdout", b"too late\n")
        with pytest.raises(LeaseLost):
            writer.flush()
        assert logs.read(store, lease.execution_id, "build").data == b"mine\n"
        [log] = logs.streams(lease.execution_id)
        assert not log.complete
        assert "the log ends at byte 5" in log.note

    def test_the_next_attempt_has_its_own_log_and_the_old_one_stays(self, store: LogStore) -> None:
        first = running()
        writer = LogWriter(store, first, "build")
        writer.write("stdout", b"try 1\n")
        writer.flush()
        expire(first)
        executions.sweep()
        second = executions.claim(first.execution_id, "w2")
        assert second
        executions.start(second)
        writer = LogWriter(store, second, "build")
        writer.write("stdout", b"try 2\n")
        writer.close()
        assert logs.read(store, first.execution_id, "build").data == b"try 2\n"
        assert logs.read(store, first.execution_id, "build", fence=1).data == b"try 1\n"

    def test_a_full_disk_is_stated_and_does_not_stop_the_step(self, store: LogStore) -> None:
        class Full(MemoryLogStore):
            def append(self, key: str, offset: int, data: bytes) -> None:
                if offset:
                    raise OSError(28, "No space left on device")
                super().append(key, offset, data)

        full, lease = Full(), running()
        writer = LogWriter(full, lease, "build")
        writer.write("stdout", b"kept\n")
        writer.flush()
        writer.write("stdout", b"lost\n")
        end = writer.close()
        assert not end.complete
        assert "bytes from 5 on could not be kept" in end.note
        assert b"No space left" in b"".join(logs.download(full, lease.execution_id, "build"))

    def test_a_log_beyond_its_cap_says_how_much_was_cut(self, store: LogStore) -> None:
        lease = running()
        writer = LogWriter(store, lease, "build", cap_bytes=10)
        writer.write("stdout", b"0123456789abc")
        end = writer.close()
        assert (end.length, end.note) == (10, "cut: 3 bytes beyond the limit of a run's log")

    def test_changed_bytes_are_found(self, tmp_path: Path) -> None:
        store, lease = FilesystemLogStore(tmp_path), running()
        writer = LogWriter(store, lease, "build")
        writer.write("stdout", b"harmless\n")
        writer.close()
        [file] = [path for path in tmp_path.rglob("*.log")]
        file.write_bytes(b"HARMLESS\n")
        assert "were changed" in logs.check(store, lease.execution_id, "build")[0]
        file.write_bytes(b"")
        assert "ends at byte 0" in logs.check(store, lease.execution_id, "build")[0]
        assert b"incomplete" in b"".join(logs.download(store, lease.execution_id, "build"))

    def test_chunk_rows_are_written_once(self, store: LogStore) -> None:
        writer = LogWriter(store, running(), "build")
        writer.write("stdout", b"x\n")
        writer.close()
        with pytest.raises(DatabaseError, match="audit"), transaction.atomic():
            LogChunk.objects.update(length=1)

    def test_the_whole_run_downloads_with_a_heading_for_each_step(self, store: LogStore) -> None:
        lease = running()
        for step in ("a", "b"):
            writer = LogWriter(store, lease, step)
            writer.write("stdout", f"in {step}\n".encode())
            writer.close()
        whole = b"".join(logs.download(store, lease.execution_id))
        assert whole == b"===== a =====\nin a\n\n===== b =====\nin b\n\n"


class TestMasking:
    SECRET = "tr4cking/l0ad+token=="

    @pytest.mark.parametrize("seed", range(25))
    def test_a_secret_is_found_in_every_form_over_every_border(self, seed: int) -> None:
        chance = random.Random(seed)
        raw = self.SECRET.encode()
        forms = [
            raw,
            base64.b64encode(raw),
            base64.b64encode(b"user:" + raw + b"\n"),
            base64.b64encode(b"x" + raw),
            base64.b64encode(b"xy" + raw + b"zz"),
            base64.urlsafe_b64encode(raw),
            quote(self.SECRET, safe="").encode(),
            quote(self.SECRET, safe="").lower().encode(),
        ]
        text = b"\n".join(b"before " + form + b" after" for form in forms)
        mask, out, at = StreamMask([self.SECRET]), b"", 0
        while at < len(text):
            step = chance.randint(1, 9)
            out += mask.feed(text[at : at + step])
            at += step
        out += mask.end()
        for form in forms[:1] + forms[5:]:
            assert form not in out
        assert out.count(LOG_MASK) >= len(forms)
        assert out.count(b"before ") == out.count(b" after") == len(forms)

    def test_text_without_secrets_passes_unchanged(self) -> None:
        mask = StreamMask(["hunter22"])
        assert mask.feed(b"hunter2 is not it, hunter") + mask.end() == b"hunter2 is not it, hunter"

    def test_without_secrets_nothing_is_held_back(self) -> None:
        assert StreamMask([]).feed(b"at once") == b"at once"

    def test_very_short_values_are_left_alone(self) -> None:
        assert StreamMask(["ab"]).feed(b"abc") == b"abc"

    @pytest.mark.django_db
    def test_no_secret_reaches_the_store(self) -> None:
        store = MemoryLogStore()
        writer = LogWriter(store, running(), "build", secrets=[self.SECRET])
        for byte in b"token " + self.SECRET.encode() + b" used\n":
            writer.write("stdout", bytes([byte]))
            writer.flush()
        writer.close()
        [kept] = store.kept.values()
        assert bytes(kept) == b"token [masked] used\n"


class TestLines:
    def test_a_line_that_is_too_long_is_cut_and_says_so(self) -> None:
        limit = LineLimit(10)
        out = (
            limit.feed(b"short\n" + b"x" * 8) + limit.feed(b"x" * 20) + limit.feed(b"y\nnext\n") + limit.end()
        )
        assert out == b"short\nxxxxxxxxxx [19 bytes of this line cut]\nnext\n"

    def test_lines_of_usual_length_pass_unchanged(self) -> None:
        limit = LineLimit(10)
        assert (
            limit.feed(b"123456789\n") + limit.feed(b"1234567890\n1") + limit.end()
            == b"123456789\n1234567890\n1"
        )


class TestDisplay:
    @pytest.mark.parametrize(
        ("raw", "shown"),
        [
            ("\x1b[31mred\x1b[0m", "red"),
            ("\x1b]52;c;ZXZpbA==\x07", "␛]52;c;ZXZpbA==␇"),
            ("\x1b]8;;http://evil\x1b\\text", "␛]8;;http://evil␛\\text"),
            ("ok\rFAILED", "ok␍FAILED"),
            ("pass\x08\x08\x08\x08fail", "pass␈␈␈␈fail"),
            ("a\r\nb", "a\nb"),
            ("x\u202egnp.exe", "x⟦U+202E⟧gnp.exe"),
            ("nul\x00 del\x7f c1\x85", "nul␀ del␡ c1⟦U+0085⟧"),
            ("zero\u200bwidth", "zero⟦U+200B⟧width"),
            ("tab\tstays\n", "tab\tstays\n"),
            ("<script>", "<script>"),
        ],
    )
    def test_nothing_in_a_log_can_move_the_cursor_or_hide(self, raw: str, shown: str) -> None:
        assert neutral(raw) == shown

    def test_bytes_that_are_not_text_are_shown_as_such(self) -> None:
        assert lines(b"a\xff\nb\n") == ["a\ufffd", "b"]
