"""Kind audit: what an export fixes before its first byte, and who may take it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from governance.admission import admit
from governance.errors import Denied, Invalid
from governance.kinds import Change
from tests.people import by_hand


def test_an_export_fixes_its_filters_scopes_and_last_event(cast: SimpleNamespace) -> None:
    fields = {"filters": {"action": "role_binding.grant"}, "format": "jsonl"}
    done = admit(Change("export", "audit", "acme", "trail", fields=fields), actor=by_hand(cast.cora))
    assert done.data["filters"] == {"action": "role_binding.grant"}
    assert (done.data["format"], done.data["scopes"]) == ("jsonl", ["acme"])
    assert isinstance(done.data["upto"], int)


def test_an_unknown_filter_or_format_is_refused(cast: SimpleNamespace) -> None:
    for fields in ({"filters": {"colour": "red"}}, {"format": "pdf"}):
        with pytest.raises(Invalid):
            admit(Change("export", "audit", "acme", "trail", fields=fields), actor=by_hand(cast.cora))


def test_a_developer_may_not_export(cast: SimpleNamespace) -> None:
    with pytest.raises(Denied):
        admit(Change("export", "audit", "acme/shop/payments", "trail"), actor=by_hand(cast.dana))
