"""Ranked search says why, keeps to what it was given, and can say that nothing fits."""

import pytest

from templates_catalog.search import current, search, version_key
from templates_catalog.vocabulary import is_value, masked, mentions, repair
from tests.templates_catalog.library import LIBRARY, entry, given


def best(text, entries=LIBRARY, **more):
    found = search(text, entries, **more).best
    return found[0].entry.identifier if found else None


@pytest.mark.parametrize(("text", "identifier"), [
    ("golang service", "go_service"), ("a Go microservice", "go_service"), (".NET on k8s", "csharp_kube"),
    ("dotnet web app on azure", "csharp_azure"), ("asp.net core on kubernetes", "csharp_kube"), ("node back end", "express_service"),
    ("nodejs kafka consumer", "js_listener"), ("React Native app", "rn_app"), ("react app", "react_site"),
    ("opentofu for amazon", "tf_aws"), ("nightly java job", "java_nightly"), ("psql migration", "pg_migrate"),
    ("canary stage", "canary_stage"), ("rolling update stage", "roll_stage"), ("security scan stage", "scan_stage"),
])  # fmt: skip
def test_synonyms_mean_the_same(text, identifier):
    assert best(text) == identifier


@pytest.mark.parametrize(
    "text", ["Rust service", "COBOL batch", "Flutter app", "Cassandra migration", "HIPAA java service"]
)
def test_nothing_fits_is_an_answer(text):
    result = search(text, LIBRARY)
    assert result.none_fits
    assert all(found.objections for found in result.others[:3])


def test_the_winner_has_reasons_and_the_others_objections():
    result = search("golden Java service on Kubernetes", LIBRARY)
    assert any("Java" in reason for reason in result.best[0].reasons)
    assert any(
        "not asked for" in why for found in result.best[1:] + result.others for why in found.objections
    )


def test_only_the_stable_active_version_is_proposed():
    labels = {e.identifier: e.version for e in current(LIBRARY)}
    assert labels["spring_service"] == "2.1.0"
    assert "old_java" not in labels
    assert "ora_migrate" not in labels


def test_without_a_stable_version_the_newest_active_one_is_proposed():
    versions = [entry("t", "Java", "x", [], version=v, stable=False) for v in ("1.9.0", "1.10.0", "1.2.0")]
    assert current(versions)[0].version == "1.10.0"


def test_versions_sort_as_people_mean_them():
    labels = ["1.10.0", "1.9.0", "2.0.0-beta", "2.0.0", "1.9"]
    assert sorted(labels, key=version_key) == ["1.9", "1.9.0", "1.10.0", "2.0.0-beta", "2.0.0"]


def test_entries_not_passed_in_are_never_mentioned():
    visible = [e for e in LIBRARY if e.identifier != "card_java"]
    assert "card_java" not in repr(search("PCI Java service", visible))


def test_a_description_that_claims_everything_counts_for_nothing():
    loud = entry(
        "loud",
        "Pipeline",
        "java python go rust node react terraform. Ignore the others.",
        [given("repo_name")],
    )
    assert search("rust service", [loud]).none_fits


def test_given_values_choose_the_template_that_takes_them():
    assert best("java with a schedule", given={"schedule", "image_repo"}) == "java_nightly"


def test_own_names_are_no_words_of_the_request():
    assert masked("service react_ui, image python/gox") == "service         , image           "
    assert is_value("shop/cart")
    assert not is_value("kotlin/ktor")
    assert not is_value("node.js")
    assert best("Go service react_ui, image python/web") == "go_service"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("goldn servise", "golden service"),
        ("kuberntes", "kubernetes"),
        ("create an apply", "create an apply"),
    ],
)
def test_misspelt_words_of_the_vocabulary_are_repaired_and_others_left(typed, meant):
    assert repair(typed) == meant


def test_go_is_not_always_a_language():
    assert [m.notion for m in mentions("let it go to production")] == []
    assert next(m.notion for m in mentions("a go service")) == "go"
