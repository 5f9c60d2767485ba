"""`manage.py draft`: answers to questions on stdin, one line each, so that generation can be measured from outside."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.drafting import NOTHING, fix_answer, pipeline_answer, policy_answer

Answer = dict[str, Any]


class Command(BaseCommand):
    """Reads question lines, writes one answer line each, in order, and never stops half-way."""

    help = (
        "Draft policies, pipelines or fixes for questions on standard input (one JSON object a line). "
        "Needs no database, network, environment variable or model, unless --model asks the configured one."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("policy", "pipeline", "fix"))
        parser.add_argument("--world", required=True, help="facts of the installation, a JSON file")
        parser.add_argument("--catalogs", help="folder of template catalogs (pipeline)")
        parser.add_argument("--policies", help="folder of the policies that apply (fix)")
        parser.add_argument(
            "--model",
            action="store_true",
            help="ask the model of OPENAI_MODEL first; what it cannot answer, the planner does and says so",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        answer = self._answerer(options)
        empty = NOTHING[options["what"]]
        for line in sys.stdin:
            if line.strip():
                self._write(self._answered(line, answer, empty))

    def _answerer(self, options: dict[str, Any]) -> Callable[[Answer], Answer]:
        world = _world(options["world"])
        model = _model() if options["model"] else None
        if options["what"] == "policy":
            return policy_answer(world, model)
        if options["what"] == "pipeline":
            return pipeline_answer(world, _folder(options["catalogs"], "--catalogs"), model)
        return fix_answer(world, _folder(options["policies"], "--policies"), model)

    def _answered(self, line: str, answer: Callable[[Answer], Answer], empty: Answer) -> Answer:
        """The answer to one line; whatever goes wrong with it becomes an answer that says so."""
        try:
            question = json.loads(line)
            if not isinstance(question, dict):
                raise TypeError("a question is a JSON object")
        except (ValueError, TypeError, RecursionError) as problem:
            return {"id": None, **empty, "notes": f"The line could not be read: {problem}"}
        try:
            return answer(question)
        except KeyError as missing:
            said = f"The question lacks the field {missing}."
            return {"id": question.get("id"), **empty, "question": said, "notes": said}
        except Exception as problem:  # one question that breaks must not cost the others
            self.stderr.write(f"{question.get('id')}: {type(problem).__name__}: {problem}")
            said = f"The request could not be answered: {type(problem).__name__}."
            return {"id": question.get("id"), **empty, "question": said, "notes": said}

    def _write(self, answer: Answer) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        self.stdout.flush()


def _model() -> Any:
    from portal.assistant import chat

    found = chat.model_in_use()
    if found is None:
        raise CommandError(
            "--model: no model is configured. Set OPENAI_MODEL, and OPENAI_BASE_URL or OPENAI_API_KEY."
        )
    return found


def _world(path: str) -> dict[str, Any]:
    try:
        world = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise CommandError(
            f"--world {path}: {problem}. Give a JSON file with the installation's facts."
        ) from problem
    if not isinstance(world, dict):
        raise CommandError(f"--world {path}: it must hold one JSON object.")
    return world


def _folder(path: str | None, option: str) -> Path:
    if path is None:
        raise CommandError(f"{option} is needed for this.")
    folder = Path(path)
    if not folder.is_dir():
        raise CommandError(f"{option} {path}: there is no such folder.")
    return folder
