"""Make Halden: every row through `admit`, by the person who would have done it, on the demo's clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from audit.clock import DemoClock
from governance import founding, gate_query
from governance.actor import Actor, Channel
from governance.admission import Admitted, admit
from governance.errors import Blocked, Refused
from governance.kinds import Change
from governance.proposals import propose
from portal.assistant.policies import draft_policy
from portal.demo import company, pipelines, policies, templates
from templates_catalog.documents.write import dump

DAYS = 62
PIN_TIMEOUT_S = 60
Say = Callable[[str], None]


class Halden:
    """Makes the demo in the order in which a company would have grown."""

    def __init__(self, clock: DemoClock, say: Say) -> None:
        self.clock, self.say = clock, say
        self.start = datetime.now(UTC) - timedelta(days=DAYS)
        self.refused: dict[str, int] = {}

    def at(self, share: float) -> None:
        """Set the clock to a share of the two months, and a few minutes before now at the latest."""
        latest = datetime.now(UTC) - timedelta(minutes=5)
        wanted = self.start + timedelta(days=DAYS) * share
        # Nobody works at four in the morning.
        wanted = wanted.replace(hour=8 + int(share * 7919) % 9, minute=int(share * 104_729) % 60)
        self.clock.set(min(wanted, latest))

    def actor(self, username: str) -> Actor:
        user = get_user_model().objects.get(username=username)
        return Actor(user, Channel.UI)

    def change(self, who: str, change: Change) -> Admitted | None:
        """Admit a change. A refusal is part of a lived-in trail, counted and told at the end."""
        try:
            return admit(change, actor=self.actor(who))
        except Refused as refusal:
            self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1
            self.say(f"refused ({refusal.code}): {change.resource}: {str(refusal)[:160]}")
            return None

    def people(self) -> None:
        users = get_user_model().objects
        for person in company.PEOPLE:
            made, new = users.get_or_create(
                username=person.username,
                defaults={
                    "first_name": person.first,
                    "last_name": person.last,
                    "email": f"{person.username}@halden.example",
                },
            )
            if new:
                made.set_password(company.PASSWORD)
                made.save()

    def account(self) -> None:
        self.at(0)
        founding.found(*company.ACCOUNT, admin=self.actor(company.ADMIN))
        for organization, (name, projects) in company.ORGANIZATIONS.items():
            self.change(
                company.ADMIN, Change("save", "organization", "halden", organization, fields={"name": name})
            )
            for project, title in projects.items():
                where = f"halden/{organization}"
                self.change(company.ADMIN, Change("save", "project", where, project, fields={"name": title}))
        for identifier, (scope, name, members) in company.GROUPS.items():
            fields = {"name": name, "members": members}
            self.change(company.ADMIN, Change("save", "user_group", scope, identifier, fields=fields))
        for scope, role, principal in company.BINDINGS:
            identifier = f"{role}_{principal.partition(':')[2]}"
            fields = {"role": role, "principal": principal}
            self.change(company.ADMIN, Change("grant", "role_binding", scope, identifier, fields=fields))

    def entities(self) -> None:
        self.at(0.02)
        for identifier, (name, kind) in company.ENVIRONMENTS.items():
            document = {
                "environment": {
                    "identifier": identifier,
                    "name": name,
                    "type": kind,
                    "tags": {"region": name.split()[-1].lower()},
                }
            }
            self.change(company.ADMIN, Change("save", "environment", "halden", identifier, dump(document)))
        for identifier, (name, kind, spec) in company.CONNECTORS.items():
            document = {
                "connector": {
                    "identifier": identifier,
                    "name": name,
                    "type": kind,
                    "description": name,
                    "spec": spec,
                }
            }
            self.change("jonas", Change("save", "connector", "halden", identifier, dump(document)))
        for scope, services in pipelines.SERVICES.items():
            for service in services:
                author = company.DEVELOPERS[scope][0]
                self.change(
                    author,
                    Change("save", "service", scope, service, dump(pipelines.service_document(service))),
                )

    def repository(self, path: str) -> None:
        document = {
            "connector": {
                "identifier": "demo_repository",
                "name": "Demo repositories",
                "type": "Git",
                "description": "Small repositories on this machine",
                "spec": {"url": path, "type": "Repo", "connectionType": "Repo"},
            }
        }
        self.change("jonas", Change("save", "connector", "halden", "demo_repository", dump(document)))

    def templates(self) -> None:
        total = sum(len(row.versions) for row in templates.ROWS)
        done = 0
        for wave in range(max(len(r.versions) for r in templates.ROWS)):
            for row in templates.ROWS:
                if wave >= len(row.versions):
                    continue
                done += 1
                self.at(0.03 + 0.4 * done / total)
                self._template(row, row.versions[wave], last=wave == len(row.versions) - 1)

    def _template(self, row: templates.Row, label: str, *, last: bool) -> None:
        fields: dict[str, Any] = {
            "golden": row.golden,
            "owner": row.owner,
            "lifecycle": row.lifecycle if last else "approved",
            "deprecation": row.deprecation if last else "",
            "restricted": row.restricted,
            "stable": last,
            "docs": f"{row.description}\n\nAsk {row.owner.replace('_', ' ')} when something is missing.",
        }
        author = {"halden/freight/billing": "priya", "halden/freight/tracking": "ana"}.get(row.scope, "jonas")
        source = dump(templates.document(row, label))
        self.change(author, Change("save", "template", row.scope, row.identifier, source, fields=fields))

    def pipelines(self, rows: list[pipelines.Planned], start: float, end: float) -> None:
        for n, row in enumerate(rows):
            self.at(start + (end - start) * n / max(len(rows), 1))
            source = dump(row.document)
            proposal = ""
            if row.ai:
                proposal = propose(
                    self.actor(row.author),
                    kind="pipeline",
                    scope=row.scope,
                    identifier=row.identifier,
                    content=source,
                    request=row.request,
                    mode="deterministic",
                ).id
            self.change(
                row.author, Change("save", "pipeline", row.scope, row.identifier, source, proposal=proposal)
            )
            if n % 25 == 24:
                self.say(f"{n + 1} of {len(rows)} pipelines")

    def second_thoughts(self) -> None:
        """Pipelines that their people worked on again."""
        self.at(0.92)
        for row in pipelines.planned():
            if row.identifier in pipelines.SECOND_THOUGHTS:
                body = {**row.document["pipeline"], "description": pipelines.SECOND_THOUGHTS[row.identifier]}
                note = "Says what it is for"
                source = dump({"pipeline": body})
                self.change(
                    row.author, Change("save", "pipeline", row.scope, row.identifier, source, note=note)
                )

    def policies(self) -> None:
        for n, asked in enumerate(policies.ASKED):
            self.at(0.3 + 0.25 * n / len(policies.ASKED))
            self._policy(asked)
        for bound in policies.SETS:
            self.at(0.56)
            members = [{"policy": p, "severity": s} for p, s in bound.members if self._stands(p)]
            fields = {
                "name": bound.name,
                "entity": bound.entity,
                "event": bound.event,
                "members": members,
                "selector": {"environment_types": list(bound.environment_types)},
                "ramp": _ramp(bound),
            }
            self._bind(bound, fields)

    def _bind(self, bound: policies.Bound, fields: dict[str, Any]) -> None:
        """What would block much of what is stored, as a freeze that has begun, is watched in shadow mode first."""
        for mode in (bound.mode, "shadow", bound.mode):
            wanted = {**fields, "mode": mode}
            change = Change("save", "policy_set", bound.scope, bound.identifier, fields=wanted)
            if self.change("eli", change) is not None and mode == bound.mode:
                return

    def _stands(self, policy: str) -> bool:
        return any(a.identifier == policy and a.identifier not in self.unread for a in policies.ASKED)

    unread: set[str] = set()

    def _policy(self, asked: policies.Asked) -> None:
        author = self.actor(asked.author)
        drafted = draft_policy(
            author, asked.scope, asked.sentence, identifier=asked.identifier, name=asked.name
        )
        if not drafted.proposal:
            self.unread = self.unread | {asked.identifier}
            self.say(f"the planner asks about {asked.identifier}: {drafted.question or drafted.refusal}")
            return
        # A stored proposal carries the fields the page would send.
        fields = {**drafted.fields, "name": asked.name, "entity": asked.entity}
        saved = Change(
            "save",
            "policy",
            asked.scope,
            asked.identifier,
            drafted.rego,
            fields=fields,
            proposal=drafted.proposal,
        )
        if self.change(asked.author, saved) is None:
            self.unread = self.unread | {asked.identifier}
            return
        steps = {"draft": 0, "in_review": 1, "approved": 2, "active": 3}[asked.state]
        for verb, who in (("submit", asked.author), ("approve", "eli"), ("activate", "viktor"))[:steps]:
            self.change(who, Change(verb, "policy", asked.scope, asked.identifier))

    def wait_for_gate(self) -> bool:
        """Until the gate answers from what is in force now, or a minute has passed."""
        deadline = time.monotonic() + PIN_TIMEOUT_S
        while time.monotonic() < deadline:
            status = gate_query.gate_status()
            if status.ready and not status.activating:
                return True
            time.sleep(0.3)
        return False

    def runs(self, wanted: int) -> None:
        self.at(0.97)
        rows = [p for p in pipelines.planned() if p.identifier.endswith(("_nightly", "_smoke"))]
        for n in range(wanted):
            row = rows[n % len(rows)]
            self.change(row.author, Change("run", "pipeline", row.scope, row.identifier))

    def attempts(self) -> None:
        """What a trail also holds: things somebody tried and may not, or got wrong."""
        self.at(0.9)
        tracking = "halden/freight/tracking"
        self.change("dana", Change("save", "policy_set", "halden", "release_safety", fields={"name": "x"}))
        self.change("sam", Change("save", "template", "halden", "java_microservice", "template: {}"))
        self.change("priya", Change("run", "pipeline", "halden/corporate/payroll", "payslips_release"))
        self.change(
            "dana",
            Change("save", "pipeline", tracking, "broken", "pipeline:\n  name: Broken\n  name: Twice\n"),
        )
        self.change("mira", Change("approve", "policy", "halden", "secret_scan"))
        kept = next(p for p in pipelines.planned() if p.identifier == "tracking_api_release")
        self.change(
            "dana",
            Change("save", "pipeline", tracking, kept.identifier, dump(kept.document), expected_version="99"),
        )
        without = pipelines.planned_without_approval()
        blocked = Change("save", "pipeline", tracking, "tracking_api_hotfix", dump(without))
        self.change("dana", blocked)
        self._exemption(
            "dana",
            blocked,
            "tracking_api_hotfix_1",
            "The scanner is down until Thursday; the fix is one line.",
        )
        other = replace(
            blocked,
            identifier="geofence_urgent",
            source=blocked.source.replace("tracking_api_hotfix", "geofence_urgent").replace(
                "Tracking api hotfix", "Geofence urgent"
            ),
        )
        if self._exemption(
            "dana",
            other,
            "geofence_urgent_1",
            "A customer waits for this fix; security looked at it by hand.",
        ):
            self.change(
                "eli",
                Change(
                    "grant", "exemption", tracking, "geofence_urgent_1", fields={"note": "Seen by us, once."}
                ),
            )
            self.change("dana", other)

    def _exemption(self, who: str, blocked: Change, identifier: str, reason: str) -> bool:
        """Ask for one from the first objection to a change; False when nothing objected."""
        try:
            admit(blocked, actor=self.actor(who))
        except Blocked as refusal:
            first = refusal.violations[0]
            fields = {
                "evaluation": str(refusal.decision.evaluation_id),
                "policy": f"{first.policy_scope}/{first.policy}",
                "path": first.path,
                "reason": reason,
                "until": str(datetime.now(UTC).date() + timedelta(days=14)),
            }
            ask = Change("ask", "exemption", blocked.scope, identifier, fields=fields)
            return self.change(who, ask) is not None
        except Refused as refusal:
            self.say(f"refused ({refusal.code}): {blocked.resource}: {str(refusal)[:160]}")
        return False


def _ramp(bound: policies.Bound) -> list[dict[str, str]]:
    if not bound.enforced_in:
        return []
    day = datetime.now(UTC).date() + timedelta(days=bound.enforced_in)
    return [{"on": str(day), "mode": "enforce"}]
