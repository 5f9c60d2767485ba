"""Every door by which a text of Rego reaches a process that reads or decides it, over real HTTP."""

from __future__ import annotations

import base64
import itertools
import json
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import httpx2

from tests.running import Portal

API = "/api/v1/scopes/acme"
PAGES = "/s/acme/policies"
PIPELINE = """pipeline:
  identifier: nightly
  name: Nightly
  stages:
    - stage:
        identifier: build
        name: Build
        type: CI
        spec:
          execution:
            steps:
              - step: {identifier: sweep, name: Sweep, type: Run, spec: {shell: Sh, command: make clean}}
"""
CASES = [
    {"name": f"example {n}", "document": {"pipeline": {"name": f"p{n}", "stages": []}}, "expect": "deny"}
    for n in range(3)
]
# As a form carries them.
PACKED = base64.b64encode(zlib.compress(json.dumps(CASES).encode())).decode()
# Longer than any answer may take, so that a late one is measured and not cut off.
TIMEOUT_S = 60.0


@dataclass
class Person:
    """Somebody with a session, as pages need one, and a token for REST."""

    name: str
    address: str
    password: str
    token: str
    browser: httpx2.Client = field(init=False)
    rest: httpx2.Client = field(init=False)
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    cookies: httpx2.Cookies | None = None

    def __post_init__(self) -> None:
        plain = {"base_url": self.address, "trust_env": False, "timeout": TIMEOUT_S}
        self.browser = httpx2.Client(**plain, cookies=self.cookies)
        self.rest = httpx2.Client(**plain, headers={"Authorization": f"Bearer {self.token}"})
        if self.cookies is None:
            self._sign_in()

    def another(self) -> Person:
        """The same person over connections of their own."""
        mine = (self.name, self.address, self.password, self.token, self.numbers)
        return Person(*mine, cookies=self.browser.cookies)

    def _sign_in(self) -> None:
        self.browser.get("/accounts/login/")
        answer = self.submit("/accounts/login/", {"login": self.name, "password": self.password})
        assert answer.status_code == 302, (answer.status_code, answer.text[:500])

    def submit(
        self, path: str, form: Mapping[str, str], files: list[tuple[str, tuple[str, str]]] | None = None
    ) -> httpx2.Response:
        """A form as the browser sends it."""
        key = next(c.value for c in self.browser.cookies.jar if "csrf" in c.name)
        return self.browser.post(path, data=dict(form), files=files, headers={"X-CSRFToken": key or ""})

    def send(self, path: str, body: object) -> httpx2.Response:
        # Unpaired surrogates and control characters travel as JSON escapes them.
        headers = {"Content-Type": "application/json"}
        return self.rest.post(f"{API}/{path}", content=json.dumps(body), headers=headers)

    def fresh(self) -> str:
        """A name nobody has used."""
        return f"{self.name}_{next(self.numbers)}"


def let_in(portal: Portal, names: list[str]) -> dict[str, Person]:
    """Move everybody in, make more policy authors where names are unknown, and sign the named ones in."""
    code = f"from tests.governance.draft_doors import move_in; print(move_in({names!r}))"
    made = portal.manage("shell", "-c", code)
    assert made.returncode == 0, made.stderr
    password, tokens = json.loads(made.stdout.splitlines()[-1])
    return {name: Person(name, portal.address, password, tokens[name]) for name in names}


def move_in(names: list[str]) -> str:
    """Runs inside the portal: accounts, one stored pipeline, one policy that the gate asks; password and tokens."""
    from types import SimpleNamespace

    from django.contrib.auth import get_user_model

    from governance.admission import admit
    from governance.kinds import Change
    from portal import tokens
    from tests import people
    from tests.governance.drafting import bind, put_in_force

    cast = people.move_in()
    users = get_user_model().objects
    for name in names:
        person, new = users.get_or_create(username=name)
        if new:
            person.set_password(people.PASSWORD)
            person.save()
            fields = {"role": "policy_author", "principal": f"user:{name}"}
            grant = Change("grant", "role_binding", "acme", f"{name}_author", fields=fields)
            admit(grant, actor=people.by_hand(cast.ada))
    save = Change("save", "pipeline", people.PROJECT, "nightly", PIPELINE)
    admit(save, actor=people.by_hand(cast.dana))
    named = 'package pipeline\n\ndeny contains "name it" if not input.pipeline.name\n'
    put_in_force(SimpleNamespace(cast=cast), "named", named)
    bind(SimpleNamespace(cast=cast), "every_pipeline", "pipeline", ["named"])
    made = {n: tokens.create(people.by_hand(users.get(username=n)), "drafts", 1)[1] for n in names}
    return json.dumps([people.PASSWORD, made])


Door = Callable[[Person, str], httpx2.Response]


# --- the doors ------------------------------------------------------------------------------------


def _form(text: str, **also: str) -> dict[str, str]:
    return {"source": text, "entity": "pipeline", "cases": PACKED, **also}


def _rego(text: str, **also: object) -> dict[str, object]:
    return {"rego": text, "entity": "pipeline", **also}


def _saved(who: Person, text: str, **fields: object) -> tuple[str, httpx2.Response]:
    name = who.fresh()
    return name, who.send(f"changes/policy/{name}/save", {"source": text, "fields": fields})


def _then(path: str) -> Door:
    """Keep the draft, then ask for something of its first version; what may not be kept ends there."""

    def door(who: Person, text: str) -> httpx2.Response:
        name, answer = _saved(who, text)
        if answer.status_code >= 400:
            return answer
        client = who.rest if path.startswith("/api") else who.browser
        return client.get(path.format(name=name))

    return door


def _impact(who: Person, text: str) -> httpx2.Response:
    name, answer = _saved(who, text)
    if answer.status_code >= 400:
        return answer
    return who.send(f"changes/policy/{name}/replay", {"fields": {"days": 30}})


def _submitted(who: Person, text: str) -> httpx2.Response:
    name, answer = _saved(who, text, cases=CASES)
    return answer if answer.status_code >= 400 else who.send(f"changes/policy/{name}/submit", {})


def _new_page(who: Person, text: str) -> httpx2.Response:
    name = who.fresh()
    form = _form(text, identifier=name, name=name, key=name, do="save")
    return who.submit(f"{PAGES}/new", form)


def _imported(who: Person, text: str) -> httpx2.Response:
    return who.submit(f"{PAGES}/import", {"do": "look"}, [("files", ("draft.rego", text))])


def folder(who: Person, texts: Mapping[str, str]) -> httpx2.Response:
    """All of them in one import, as a whole folder is."""
    files = [("files", (f"draft_{n}.rego", text)) for n, text in enumerate(texts.values())]
    return who.submit(f"{PAGES}/import", {"do": "look"}, files)


DOORS: dict[str, Door] = {
    "editor, while typing": lambda who, text: who.submit(f"{PAGES}/check", _form(text)),
    "editor, all checks": lambda who, text: who.submit(f"{PAGES}/check?deep=1", _form(text)),
    "editor, try it": lambda who, text: who.submit(
        f"{PAGES}/bench", _form(text, do="try", document=PIPELINE)
    ),
    "editor, run all examples": lambda who, text: who.submit(f"{PAGES}/bench", _form(text, do="run")),
    "editor, save": _new_page,
    "import of a file": _imported,
    "checks of a kept draft": _then(f"{PAGES}/{{name}}/v1/checks"),
    "page of a kept draft": _then(f"{PAGES}/{{name}}/"),
    "review of a kept draft": _then(f"{PAGES}/{{name}}/v1/review"),
    "impact": _impact,
    "REST check": lambda who, text: who.send("drafts/policy/check", _rego(text)),
    "REST check, deep": lambda who, text: who.send(
        "drafts/policy/check", _rego(text, deep=True, cases=CASES)
    ),
    "REST try": lambda who, text: who.send("drafts/policy/try", _rego(text, document=PIPELINE)),
    "REST examples": lambda who, text: who.send("drafts/policy/cases", _rego(text, cases=CASES)),
    "REST explain": lambda who, text: who.send("drafts/policy/explain", _rego(text)),
    "REST save with examples": lambda who, text: _saved(who, text, cases=CASES)[1],
    "REST dry run": lambda who, text: who.send(
        f"dry-run/policy/{who.fresh()}/save", {"source": text, "fields": {"cases": CASES}}
    ),
    "REST submit": _submitted,
    "REST report": _then(f"{API}/policies/{{name}}/versions/1/report"),
    "REST explanation": _then(f"{API}/policies/{{name}}/versions/1/explanation"),
    "asked for in English": lambda who, text: who.send("ask/policy", {"text": text[:8000]}),
}


def diagonal(drafts: Iterable[str]) -> list[tuple[str, str]]:
    """Each draft at one door, each door as often as the others."""
    return list(zip(drafts, itertools.cycle(DOORS), strict=False))


def clear(answer: httpx2.Response) -> str:
    """Why an answer is none that a person could go on with; "" when it is one."""
    if answer.status_code >= 500:
        return f"status {answer.status_code}: {answer.text[:300]}"
    if answer.status_code >= 400 and not answer.text.strip():
        return f"status {answer.status_code} without a word"
    return "a trace of our own code" if "Traceback (most recent" in answer.text else ""


def timed(
    door: Callable[[Person, str], httpx2.Response], who: Person, text: str
) -> tuple[float, httpx2.Response]:
    """Seconds of the slowest request of a door, which may need two, and the last answer."""
    took: list[float] = []
    began: dict[int, float] = {}

    def sent(request: httpx2.Request) -> None:
        began[id(request)] = time.monotonic()

    def came(response: httpx2.Response) -> None:
        response.read()
        took.append(time.monotonic() - began.pop(id(response.request), time.monotonic()))

    hooks = {"request": [sent], "response": [came]}
    who.browser.event_hooks = who.rest.event_hooks = hooks
    answer = door(who, text)
    return max(took), answer
