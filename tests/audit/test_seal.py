"""The log is sealed in order, by one sealer, and goes on only from what the witness has seen."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from audit.keys import KeyUnusable, SigningKey, fast_signed_by, public_keys, signing_key
from audit.models import AuditLeaf, AuditPending, AuditTile, Checkpoint
from audit.seal import Forked, SealingStopped, new_witness, seal_once, status
from audit.verify import Tree, leaf_hash, node_hash, parse_note, root_from_proof, signed_by
from audit.witness import Witness
from tests.audit.conftest import as_owner

Say = Callable[..., Any]


def tree_of(leaves: list[bytes]) -> bytes:
    """RFC 6962, word for word: the hash of a list of leaves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(tree_of(leaves[:k]), tree_of(leaves[k:]))


def path_of(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*path_of(index, leaves[:k]), tree_of(leaves[k:])]
    return [*path_of(index - k, leaves[k:]), tree_of(leaves[:k])]


class TestTree:
    def test_growing_by_one_gives_the_root_of_the_whole(self) -> None:
        leaves, tree = [leaf_hash(b"%d" % n) for n in range(70)], Tree()
        for size, leaf in enumerate(leaves, start=1):
            tree.append(leaf)
            assert tree.root() == tree_of(leaves[:size])
            assert Tree(tree.size, tree.frontier).root() == tree.root()

    def test_rfc_6962_known_roots(self) -> None:
        assert Tree().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        inputs = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ]
        tree = Tree()
        for text in inputs:
            tree.append(leaf_hash(bytes.fromhex(text)))
        assert tree.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"

    def test_inclusion_proofs_lead_to_the_root_and_forged_ones_do_not(self) -> None:
        for size in (1, 2, 3, 7, 8, 33):
            leaves = [leaf_hash(b"%d" % n) for n in range(size)]
            for index in range(size):
                path = path_of(index, leaves)
                assert root_from_proof(leaves[index], index, size, path) == tree_of(leaves)
                assert root_from_proof(leaf_hash(b"x"), index, size, path) != tree_of(leaves)
                with pytest.raises(ValueError, match="too long"):
                    root_from_proof(leaves[index], index, size, [*path, b"0" * 32])
                if path:
                    with pytest.raises(ValueError, match="too short"):
                        root_from_proof(leaves[index], index, size, path[:-1])

    def test_an_edge_of_the_wrong_length_is_refused(self) -> None:
        with pytest.raises(ValueError, match="edge nodes"):
            Tree(3, [b"x"])


class TestSignatures:
    def test_our_own_verifier_agrees_with_the_library(self, key: SigningKey) -> None:
        for n in range(10):
            message = os.urandom(n * 7)
            signature = bytearray(key.sign(message))
            assert signed_by(key.public, message, bytes(signature))
            assert fast_signed_by(key.public, message, bytes(signature))
            signature[n * 6] ^= 1
            assert not signed_by(key.public, message, bytes(signature))
            assert not fast_signed_by(key.public, message, bytes(signature))

    def test_rfc_8032_test_vector(self) -> None:
        public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        signature = bytes.fromhex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
        assert signed_by(public, b"\x72", signature)
        assert not signed_by(public, b"\x73", signature)

    def test_a_signature_whose_scalar_is_too_large_is_refused(self, key: SigningKey) -> None:
        signature = key.sign(b"m")
        order = 2**252 + 27742317777372353535851937790883648493
        larger = int.from_bytes(signature[32:], "little") + order
        assert not signed_by(key.public, b"m", signature[:32] + larger.to_bytes(32, "little"))

    def test_keys_are_made_once_and_readable_by_their_owner_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "k" / "audit.pem"
        first = signing_key(path, create=True)
        assert signing_key(path, create=True).public == first.public
        assert path.stat().st_mode & 0o777 == 0o600
        assert public_keys(path) == [first.public]
        with pytest.raises(KeyUnusable, match="make setup"):
            signing_key(tmp_path / "none.pem")
        (tmp_path / "bad.pem").write_text("nonsense")
        with pytest.raises(KeyUnusable, match="cannot be used"):
            signing_key(tmp_path / "bad.pem")


@pytest.mark.django_db
class TestSealing:
    def test_events_are_sealed_in_the_order_of_their_pending_rows(
        self, say: Say, key: SigningKey, witness: Path
    ) -> None:
        events = [say().id for _ in range(5)]
        done = seal_once(key, witness)
        assert (done.events, done.size, done.leader) == (5, 5, True)
        assert list(AuditLeaf.objects.order_by("seq").values_list("seq", "event_id")) == list(
            enumerate(events, 1)
        )
        assert not AuditPending.objects.exists()
        assert (
            tree_of([bytes(leaf) for leaf in AuditLeaf.objects.values_list("leaf", flat=True)]).hex()
            == done.root
        )

    def test_batches_are_bounded_and_each_has_a_signed_checkpoint(
        self, say: Say, key: SigningKey, witness: Path
    ) -> None:
        for _ in range(7):
            say()
        sizes = [seal_once(key, witness, batch=3).size for _ in range(4)]
        assert sizes == [3, 6, 7, 7]
        assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 6, 7]
        notes = Witness(witness).notes()
        assert [note.size for note in notes] == [3, 6, 7]
        assert all(signed_by(key.public, note.signed_text, note.signature) for note in notes)
        assert {note.origin for note in notes} == {Checkpoint.objects.get(size=3).origin}

    def test_nothing_new_means_no_checkpoint(self, say: Say, key: SigningKey, witness: Path) -> None:
        assert seal_once(key, witness).size == 0
        assert not witness.exists()
        say()
        seal_once(key, witness)
        assert seal_once(key, witness).events == 0
        assert Checkpoint.objects.count() == 1

    def test_full_blocks_leave_their_roots_behind(self, say: Say, sealed: Callable[..., int]) -> None:
        for _ in range(530):
            say()
        sealed(batch=200)
        leaves = [bytes(leaf) for leaf in AuditLeaf.objects.order_by("seq").values_list("leaf", flat=True)]
        tiles = AuditTile.objects.order_by("position").values_list("height", "position", "root")
        assert [(h, p, bytes(r)) for h, p, r in tiles] == [
            (1, 0, tree_of(leaves[:256])),
            (1, 1, tree_of(leaves[256:512])),
        ]

    def test_status_says_how_far_the_log_is_sealed(self, say: Say, sealed: Callable[..., int]) -> None:
        say()
        sealed()
        say()
        state = status()
        assert (state.size, state.pending) == (1, 1)
        assert 0 <= state.oldest_pending_s < 10


@pytest.mark.django_db
class TestWitness:
    @pytest.fixture(autouse=True)
    def _two_checkpoints(self, say: Say, key: SigningKey, witness: Path) -> None:
        for _ in range(2):
            say()
            seal_once(key, witness)
        say()

    def test_a_witness_that_lags_behind_is_brought_up_to_date(self, key: SigningKey, witness: Path) -> None:
        first = Checkpoint.objects.get(size=1).note
        witness.write_text(first + "\n\n")
        seal_once(key, witness)
        assert [note.size for note in Witness(witness).notes()] == [1, 2, 3]

    def test_a_half_written_last_line_is_cut(self, key: SigningKey, witness: Path) -> None:
        with witness.open("a") as file:
            file.write("portcullis-audit/half")
        seal_once(key, witness)
        assert [note.size for note in Witness(witness).notes()] == [1, 2, 3]

    @pytest.mark.parametrize("what", ["gone", "newer", "other"])
    def test_sealing_stops_when_the_witness_tells_another_story(
        self, key: SigningKey, witness: Path, tmp_path: Path, what: str
    ) -> None:
        if what == "gone":
            witness.unlink()
        elif what == "newer":
            as_owner(
                "DELETE FROM audit_checkpoint WHERE size = 2", "DELETE FROM audit_auditleaf WHERE seq = 2"
            )
        else:
            as_owner("UPDATE audit_checkpoint SET note = note || ' ' WHERE size = 2")
        before = Checkpoint.objects.count()
        with pytest.raises(Forked):
            seal_once(key, witness)
        assert Checkpoint.objects.count() == before

    def test_a_person_may_start_a_new_witness(self, key: SigningKey, witness: Path) -> None:
        witness.unlink()
        assert new_witness(witness) == 2
        assert seal_once(key, witness).size == 3

    def test_a_new_database_does_not_continue_an_old_witness(self, key: SigningKey, witness: Path) -> None:
        as_owner("DELETE FROM audit_checkpoint", "DELETE FROM audit_auditleaf")
        with pytest.raises(Forked, match="replaced or rolled back"):
            seal_once(key, witness)

    def test_a_changed_edge_stops_sealing(self, key: SigningKey, witness: Path) -> None:
        as_owner(f"UPDATE audit_checkpoint SET frontier = '{'00' * 32}' WHERE size = 2")
        with pytest.raises(SealingStopped, match="does not give its root"):
            seal_once(key, witness)

    def test_an_event_deleted_before_its_seal_stops_sealing(self, key: SigningKey, witness: Path) -> None:
        waiting = AuditPending.objects.get().event_id
        named = waiting.hex if connection.vendor == "sqlite" else str(waiting)
        as_owner(f"DELETE FROM audit_auditevent WHERE id = '{named}'")
        with pytest.raises(SealingStopped, match="was removed from the database"):
            seal_once(key, witness)


class TestNotes:
    def note(self, key: SigningKey, witness: Path) -> str:
        return witness.read_text().removesuffix("\n\n")

    @pytest.mark.django_db
    def test_only_the_one_canonical_form_is_read(self, say: Say, key: SigningKey, witness: Path) -> None:
        say()
        seal_once(key, witness)
        text = self.note(key, witness)
        assert parse_note(text).size == 1
        for wrong in (
            text + "\n",
            text.replace("\n1\n", "\n01\n"),
            text.replace("\n1\n", "\n+1\n"),
            text.replace("\ntime ", "\nTime "),
            text.replace("— ", "- "),
            text[:-5],
            text.replace("\n\n", "\nextra\n\n"),
            "",
        ):
            with pytest.raises(ValueError, match=r"not a checkpoint|invalid literal"):
                parse_note(wrong)


def test_many_writers_and_two_sealers_leave_one_log_without_gaps(
    own_database: None, say: Say, key: SigningKey, witness: Path
) -> None:
    stop, failures = threading.Event(), []

    def write() -> None:
        for _ in range(25):
            say()
        connection.close()

    def seal() -> None:
        while not stop.is_set():
            try:
                seal_once(key, witness, batch=7)
            except Exception as error:
                failures.append(error)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    sealers = [threading.Thread(target=seal) for _ in range(2)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    while seal_once(key, witness).events:
        pass
    assert not failures
    from audit.checking import verify_database

    report = verify_database([key.public], witness)
    assert (report.problems, report.events, report.trustworthy_seq) == ([], 100, 100)
