"""The notions of a template library in the words people use: languages, platforms, shapes of work,
strategies.

A notion belongs to one dimension, has phrases that name it, and may imply others (React implies a front end).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import simplemma
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein


@dataclass(frozen=True)
class Notion:
    name: str
    dimension: str
    phrases: tuple[str, ...]
    implies: tuple[str, ...] = ()


def notions(dimension: str, *rows: str) -> list[Notion]:
    """Rows `name: phrase, phrase > implied implied`; the name itself is a phrase unless it holds an
    underscore."""
    made = []
    for row in rows:
        head, _, implied = row.partition(">")
        name, _, rest = head.partition(":")
        name = name.strip()
        phrases = [phrase.strip() for phrase in rest.split(",") if phrase.strip()]
        if "_" not in name:
            phrases.insert(0, name)
        made.append(Notion(name, dimension, tuple(phrases), tuple(implied.split())))
    return made


NOTIONS: tuple[Notion, ...] = (
    *notions(
        "language",
        "jvm: jdk, openjdk", "java: spring, spring boot, quarkus, micronaut > "
                             "jvm", "kotlin: ktor > jvm", "scala > jvm",
        "groovy > jvm", "clojure > jvm",
        "javascript: js, node, nodejs, node.js, node js, express, fastify, nestjs, typescript, ts",
        "python: flask, fastapi, django, py", "go: golang", "rust: cargo", "ruby: rails, ruby on rails",
        "dotnet: .net, dot net, .net core, c#, csharp, asp.net, asp.net core, f#", "php: laravel, symfony",
        "elixir: phoenix", "erlang", "cpp: c++, "
                                     "cplusplus", "swift", "cobol", "perl", "haskell", "fortran", "lua",
        "dart", "pascal: delphi", "ada", "abap", "zig", "nim", "ocaml", "julia", "matlab", "objective_c: "
                                                                                           "objective-c",
        "visual_basic: visual basic, vb.net, "
        "vb6", "solidity", "assembler: assembly", "crystal", "r_language: r script",
        "lisp", "prolog", "apex", "pl_sql: pl/sql", "rpg",
    ),
    *notions(
        "framework",
        "react: reactjs, react.js, next.js, nextjs > frontend "
        "javascript", "vue: vue.js, vuejs, nuxt > frontend javascript",
        "angular > frontend javascript", "svelte > frontend javascript", "ember > frontend javascript",
        "react_native: react native, react-native > mobile javascript", "flutter > mobile dart",
        "wordpress > php", "drupal > php", "electron",
    ),
    *notions(
        "platform",
        "kubernetes: k8s, kube, eks, gke, aks, k8", "ecs: fargate, amazon ecs, aws ecs > aws",
        "lambda: aws lambda, lambdas, lambda function > aws function", "cloud_run: cloud run, cloudrun > gcp",
        "azure_web_app: azure web app, azure app service, web app on azure > "
        "azure", "azure_functions: azure functions > azure",
        "cloud_functions: cloud functions, cloud function > gcp",
        "vm: virtual machine, virtual machines, vms, bare metal, "
        "hosts, host group, group of hosts", "spark: databricks", "mainframe: z/os, zos, as/400",
        "heroku", "nomad", "openshift", "cloud_foundry: cloud foundry, "
                                        "tas", "sap", "salesforce", "sharepoint",
        "vercel", "netlify", "windows_server: windows server, "
                             "iis", "s3: cloudfront > aws", "mesos", "swarm: docker swarm",
        "ec2: ec2 instance > aws vm", "raspberry: raspberry pi, "
                                      "arduino", "snowflake", "hadoop", "servicenow_app: servicenow app",
    ),
    *notions(
        "cloud",
        "aws: amazon, amazon web "
        "services", "azure: microsoft cloud", "gcp: google cloud, gcloud", "oci: oracle cloud",
        "alibaba: alibaba cloud", "digitalocean: digital ocean",
    ),
    *notions(
        "tool",
        "terraform: tf, opentofu > "
        "iac", "pulumi > iac", "cloudformation > iac", "bicep > iac", "crossplane > iac",
        "helm: helm chart, helm release, "
        "chart", "ansible: playbook > patch", "puppet", "chef", "packer", "liquibase: liquibase change "
                                                                          "sets > migration",
        "flyway > migration", "playwright > "
                              "browser_tests", "cypress > browser_tests", "selenium > browser_tests",
        "npm: yarn, pnpm > javascript", "pypi: pip package, wheel > "
                                        "python", "nuget > dotnet", "rubygem: gem, rubygems > ruby",
        "crate: crates.io > rust", "airflow: dag, dags > "
                                   "data_pipeline", "dbt > data_pipeline", "grafana > dashboard",
        "kibana > dashboard", "datadog > dashboard", "slack", "argo_cd: argo cd, "
                                                              "argocd", "jenkins", "kustomize",
        "mkdocs > docs", "sphinx > docs", "hugo > docs", "jekyll > docs", "snapstart > java "
                                                                          "lambda", "graphql: apollo",
        "kong", "nginx", "unity", "unreal",
    ),
    *notions(
        "database",
        "postgres: postgresql, pg, "
        "psql", "mysql", "mariadb", "mongo: mongodb", "oracle: oracle db", "mssql: sql server, ms sql",
        "cassandra", "redis", "dynamodb", "sqlite", "db2", "couchbase", "neo4j", "elasticsearch", "clickhouse", "cockroach: cockroachdb",
    ),
    *notions("messaging", "kafka", "rabbitmq: "
                                   "rabbit", "sqs", "pubsub: pub/sub", "nats", "activemq", "kinesis"),
    *notions("protocol", "grpc", "rest: restful, rest api, http api, http "
                                 "service", "soap", "websocket: websockets"),
    *notions(
        "shape",
        "service: microservice, microservices, micro service, api, backend, back end, back-end, server, "
        "services, apis, web api, rest service",
        "batch: nightly, cron, cronjob, cron job, scheduled, hourly, batch job, nightly job, every night, "
        "every hour, periodic, schedule, job, jobs",
        "frontend: front end, front-end, spa, single page, single page app, single-page, web app, "
        "website, web ui, web front end",
        "function: serverless, functions", "consumer: event consumer, listener, subscriber, consumers, "
                                           "consumes",
        "library: jar, lib, sdk, libraries", "package", "cli: command line, command-line, command line "
                                                        "tool, console tool",
        "mobile: mobile app, phone app", "ios: app store, iphone, ipad, testflight > "
                                         "mobile", "android: play store, google play > mobile",
        "iac: infrastructure as code", "migration: migrations, migrate, schema change, schema changes, "
                                       "change sets, changelog",
        "docs: documentation, docs site, documentation site, static site, docs page",
        "ml_training: training, train, trains, model training, retrain > ml", "ml_serving: serving, "
                                                                              "serve, serves, inference, "
                                                                              "model serving, model "
                                                                              "endpoint > ml",
        "ml: machine learning, ml model, model", "data_pipeline: data pipeline, etl, "
                                                 "elt", "gateway: api gateway, graphql gateway",
        "browser_tests: browser tests, browser test, e2e, e2e tests, end to end tests, end-to-end tests, "
        "ui tests, browser suite",
        "base_image: base image, base images, golden image, base container image", "dashboard: dashboards",
        "patch: patching, patches, patch run", "firmware: embedded, microcontroller, device "
                                               "image", "desktop: desktop app, desktop application",
        "game: video game", "chatbot: chat bot", "blockchain: smart contract, smart contracts",
        "scan: security scan, code scan, code scans, scan stage, scan group, sast, sca, secret scan, "
        "security scans, security scanning, semgrep, gitleaks, codeql, sonarqube, trivy, grype",
        "notification: notify, notification step, notifications, announce", "load_test: load test, load "
                                                                            "tests, performance test, "
                                                                            "jmeter, k6, gatling",
        "browser_extension: browser extension, chrome extension", "plugin: wordpress plugin, jira plugin",
    ),
    *notions(
        "strategy", "rolling: rolling update, rolling deployment, rolling stage", "canary: canaries",
        "blue_green: blue green, blue-green, blue/green, bluegreen, swap the traffic",
    ),
    # Phrases that only look like something else.
    *notions("aside", "toolchain: nightly toolchain, nightly channel, rust nightly, nightly rust, nightly "
                      "compiler",
             "at_work: job done, good job, api key, model number, server error, service account, service "
             "level"),
    *notions("compliance", "pci: pci-dss, pci dss, card data, cardholder, card data "
                           "zone", "hipaa: health data", "sox", "fedramp"),
)  # fmt: skip

BY_NAME = {notion.name: notion for notion in NOTIONS}
# Said of any good template, so they choose between others and never decide alone.
PRAISE = frozenset(
    "golden gold paved road blessed standard official approved recommended default usual normal new best "
    "our the "
    "existing latest newest stable current proper right good company shared plain basic simple same common "
    "a an this that appropriate matching fitting suitable".split()
)  # fmt: skip


def normal(text: str) -> str:
    """Lower case, with one space between words and plain quotes."""
    text = text.lower().replace("’", "'").replace("‑", "-").replace("–", "-")
    return re.sub(r"\s+", " ", text).strip()


@cache
def phrase_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for every phrase, the longest first, and phrase → notion."""
    owner = {phrase: notion.name for notion in NOTIONS for phrase in notion.phrases}
    ordered = sorted(owner, key=len, reverse=True)
    body = "|".join(re.escape(phrase).replace(r"\ ", r"[ _-]") for phrase in ordered)
    return re.compile(rf"(?<![\w@/.#])(?:{body})(?![\w@#+])(?!\.\w)", re.I), owner


# "Go" is a language where it is not a verb.
GO_VERB = re.compile(
    r"(?<![\w-])go(?= (?:to|live|through|into|out|ahead|on|back|via|straight|first|wrong|down|up|with|for|"
    r"and|in|from)\b)|"
    r"(?<=to )go\b|(?<=must )go\b|(?<=should )go\b|(?<=can )go\b|(?<=will )go\b|(?<=may )go\b|(?<=let's "
    r")go\b|(?<=lets )go\b|"
    # A sentence of its own is a wish to begin.
    r"(?:(?<=[.!?;] )|(?<=[.!?] ok ))go(?=\W*$)"
)


@dataclass(frozen=True)
class Mention:
    notion: str
    text: str
    start: int
    end: int


def mentions(text: str) -> list[Mention]:
    """The notions named in `text`, in order; longer phrases win over the words inside them."""
    return list(found_in(text))


@lru_cache(maxsize=2048)
def found_in(text: str) -> tuple[Mention, ...]:
    lowered = text.lower()
    pattern, owner = phrase_pattern()
    verbs = {found.start() for found in GO_VERB.finditer(lowered)}
    found = []
    for hit in pattern.finditer(lowered):
        phrase = re.sub(r"[ _-]", " ", hit[0])
        name = owner.get(hit[0]) or owner.get(phrase) or owner.get(phrase.replace(" ", "-"))
        if name is None or (name == "go" and hit.start() in verbs):
            continue
        found.append(Mention(name, hit[0], hit.start(), hit.end()))
    return tuple(found)


def closure(names: Iterable[str]) -> set[str]:
    """The notions and everything they imply."""
    result, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in result:
            result.add(name)
            waiting.extend(BY_NAME[name].implies if name in BY_NAME else ())
    return result


@cache
def known_words() -> frozenset[str]:
    words = {
        word for notion in NOTIONS for phrase in notion.phrases for word in re.findall(r"[a-z]{4,}", phrase)
    }
    more = (
        "golden template pipeline stage staging production deploy deployment approval approve version "
        "image repository "
        "replicas namespace bucket workspace folder region infrastructure environment percent traffic "
        "service release "
        "managers security team kubernetes branch"
    )
    return frozenset(words | set(more.split()))


def is_word(text: str) -> bool:
    """Whether this is a word of the language, or of ours."""
    return text in known_words() or simplemma.is_known(text, lang="en")


@cache
def repaired(word: str) -> str:
    """A misspelt long word of the vocabulary as it is spelt, or the word itself."""
    if len(word) < 5 or word in known_words() or not word.isalpha() or simplemma.is_known(word, lang="en"):
        return word
    best = process.extractOne(
        word, known_words(), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.83
    )
    return best[0] if best and best[0][0] == word[0] and abs(len(best[0]) - len(word)) <= 1 else word


def repair(text: str) -> str:
    """`text` with misspelt vocabulary corrected; identifiers, paths, capitals and short words stay as
    typed."""
    return re.sub(r"(?<![\w@/.#:-])[a-z]{5,}(?![\w@/#-]|\.\w)", lambda found: repaired(found[0]), text)


VALUE = re.compile(r"[@#\w][\w@#/.:\-+]*[\w+#]|\w")


@lru_cache(maxsize=8192)
def is_value(token: str) -> bool:
    """Whether a word is somebody's own name for something (shop/cart, cart_service) and not a word of the
    language."""
    if not re.search(r"[_/@:]|\w[.-]\w|#\w", token):
        return False
    pattern, _ = phrase_pattern()
    parts = [part for part in re.split(r"/", token.lower()) if part]
    return not all(pattern.fullmatch(part) for part in parts) and not pattern.fullmatch(token.lower())


@lru_cache(maxsize=512)
def masked(text: str) -> str:
    """`text` with own names blanked out, of the same length, so that words inside them mean nothing."""
    return VALUE.sub(lambda found: " " * len(found[0]) if is_value(found[0]) else found[0], text)
