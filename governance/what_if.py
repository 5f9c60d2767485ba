"""What the gate would say of many documents, decided beside it: same bundle code, another process.

The sidecar that gates is left alone. One limited `opa` decides a batch with the router, the library and
the policies of a bundle, or of one that is only thought of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from governance import exempting
from governance.authoring.compile import library_source
from governance.bundle import ROUTER, SETS, Source, module
from governance.engines import answers, opa_cli
from governance.kinds import Change, Prepared
from governance.ports import Answer, Question
from governance.stored import Asked
from governance.verdicts import Verdict

BATCH = 500
LIMITS = opa_cli.BULK


def files_of(policies: Sequence[Source], table: Mapping[str, object]) -> dict[str, str]:
    """Bundle path → text, of policies and a table of sets that need not be in force."""
    found = {"portal/lib.rego": library_source(), SETS: json.dumps(table)}
    return found | {f"policies/{p.id}.rego": module(p) for p in policies}


def verdicts(files: Mapping[str, str], documents: Sequence[Asked]) -> Iterator[tuple[Asked, Verdict]]:
    """Each document with what the gate would make of it, exemptions taken in.

    files  as `files_of` gives them, or as a bundle holds them
    Raises opa_cli.OpaFailed, BadDecision.
    """
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        for one, answer in zip(batch, _answers(files, batch), strict=True):
            yield one, _verdict(one, answer)


def _answers(files: Mapping[str, str], batch: Sequence[Asked]) -> list[Answer]:
    others = {"sets.json": json.dumps({"portal": {"sets": json.loads(files[SETS])}})}
    texts = [text for name, text in files.items() if name.startswith("policies/")]
    others |= {f"policy{n}.rego": text for n, text in enumerate(texts)}
    others["lib.rego"] = files["portal/lib.rego"]
    inputs = [{"document": one.input, "question": question(one).plain()} for one in batch]
    said = opa_cli.evaluate_rule(ROUTER.read_text("utf-8"), "decide", inputs, others=others, limits=LIMITS)
    return [answers.read_decision({"result": found}, duration_us=0) for found in said]


def question(one: Asked) -> Question:
    return Question(tuple(one.scope.chain_paths), one.kind, one.event)


def _verdict(one: Asked, answer: Answer) -> Verdict:
    change = Change("save", one.kind, one.scope.path, one.identifier)
    granted = exempting.granted(one.scope, one.kind, one.identifier)
    return Verdict.of(answer, change, Prepared(), granted, one.input)
