"""Icons, chips, times and numbers: the small words of every page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.web import code as listing

register = template.Library()

NARROW = "\u202f"
# outcome or state → (word, icon, class); the codes are those of the audit trail, of runs and of policies
CHIPS: dict[str, tuple[str, str, str]] = {
    "admitted": ("Admitted", "check", "chip-admitted"),
    "blocked": ("Blocked", "shut", "chip-blocked"),
    "denied": ("Denied", "lock", "chip-denied"),
    "invalid": ("Invalid", "braces", "chip-invalid"),
    "conflict": ("Conflict", "swap", "chip-invalid"),
    "not_found": ("Not found", "dash", ""),
    "gate_unavailable": ("Gate unavailable", "plug", "chip-unavailable"),
    "too_many_requests": ("Busy", "clock", "chip-unavailable"),
    "unavailable": ("Gate unavailable", "plug", "chip-unavailable"),
    "warning": ("Warning", "warn", "chip-warning"),
    "pass": ("Passed", "check", "chip-admitted"),
    "error": ("Blocked", "shut", "chip-blocked"),
    "running": ("Running", "run", "chip-running"),
    "waiting": ("Waits for approval", "hand", "chip-warning"),
    "queued": ("Queued", "clock", ""),
    "leased": ("Starting", "run", "chip-running"),
    "succeeded": ("Passed", "check", "chip-admitted"),
    "needs_decision": ("Needs a decision", "hand", "chip-warning"),
    "not_reached": ("Not reached", "ring", ""),
    "ignored": ("Failed, ignored", "warn", "chip-warning"),
    "passed": ("Passed", "check", "chip-admitted"),
    "failed": ("Failed", "x", "chip-blocked"),
    "expired": ("Closed by time", "clock", ""),
    "interrupted": ("Interrupted", "warn", "chip-warning"),
    "cancelled": ("Cancelled", "dash", ""),
    "rejected": ("Rejected", "x", "chip-blocked"),
    "approved": ("Approved", "check", "chip-admitted"),
    "skipped": ("Skipped", "dash", ""),
    "pending": ("Not started", "ring", ""),
    "draft": ("Draft", "pen", ""),
    "in_review": ("In review", "eye", "chip-warning"),
    "active": ("Active", "open", "chip-admitted"),
    "retired": ("Retired", "dash", ""),
    "exempt": ("Exempt", "hand", "chip-warning"),
    "asked": ("Waits for a decision", "hand", "chip-warning"),
    "holds": ("Holds", "check", "chip-admitted"),
    "refused": ("Refused", "x", "chip-blocked"),
    "revoked": ("Revoked", "undo", ""),
    "over": ("Ended by its date", "clock", ""),
    "rule_changed": ("Ended: the policy changed", "swap", ""),
    "fragment_changed": ("Ended: the document changed", "swap", ""),
    "review": ("In review", "eye", "chip-warning"),
    "experimental": ("Experimental", "info", ""),
    "deprecated": ("Deprecated", "warn", "chip-warning"),
}


def sprite(name: str) -> str:
    return f"{static('images/icons.svg')}#{name}"


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """A picture from our sprite; it never speaks, the word beside it does."""
    return format_html('<svg class="i {}" aria-hidden="true"><use href="{}"/></svg>', classes, sprite(name))


@register.inclusion_tag("web/parts/_chip.html")
def chip(code: str, text: str = "", classes: str = "") -> dict[str, str]:
    """An outcome: word, icon, colour and shape."""
    word, picture, look = CHIPS.get(str(code), (str(code).replace("_", " ").capitalize(), "info", ""))
    return {"icon_name": picture, "text": text or word, "look": f"{look} {classes}".strip()}


@register.filter
def tone(code: str) -> str:
    """The outcome colour of a code: "admitted", "blocked", "warning", "running" or ""."""
    look = CHIPS.get(str(code), ("", "", ""))[2]
    return look.removeprefix("chip-")


@register.filter
def icon_of(code: str) -> str:
    return CHIPS.get(str(code), ("", "info", ""))[1]


@register.inclusion_tag("web/parts/_code.html")
def code_listing(
    text: str, language: str = "yaml", label: str = "Source", findings: Iterable[Any] = (), first: int = 1
) -> dict[str, Any]:
    """A whole text with line numbers, highlighted on the server."""
    return {"rows": listing.lines(text or "", language, findings=findings, first=first), "label": label}


@register.filter
def thousands(value: Any) -> str:
    """1284 → "1 284", with a narrow no-break space."""
    try:
        return f"{int(value):,}".replace(",", NARROW)
    except (TypeError, ValueError):
        return str(value)


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """Relative under an hour, the clock today, the date after; the full stamp in `title`."""
    if moment is None:
        return ""
    local, now = timezone.localtime(moment), timezone.localtime()
    passed = now - local
    if timedelta(0) <= passed < timedelta(minutes=1):
        words = "just now"
    elif timedelta(0) <= passed < timedelta(hours=1):
        words = f"{int(passed.total_seconds() // 60)} min ago"
    elif local.date() == now.date():
        words = f"{local:%H:%M}"
    elif local.year == now.year:
        words = f"{local.day} {local:%B}"
    else:
        words = f"{local.day} {local:%B %Y}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), stamp(moment), words)


@register.filter
def stamp(moment: datetime | None) -> str:
    """The full time with its zone: "23 November 2026, 15:07:12 UTC"."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.day} {local:%B %Y, %H:%M:%S} {local.tzname()}"


@register.filter
def took(seconds: Any) -> str:
    """A duration: 401 → "6:41", 0.4 → "0.4 s"; a timedelta as well; "" for none."""
    if seconds is None or seconds == "":
        return ""
    total = seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds)
    if total < 10:
        return f"{total:.1f}{NARROW}s"
    whole = int(total)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


@register.filter
def milliseconds(microseconds: Any) -> str:
    """23_400 µs → "23 ms"."""
    value = float(microseconds or 0) / 1000
    shown = f"{value:.0f}" if value >= 10 else f"{value:.1f}"
    return f"{shown}{NARROW}ms"


@register.filter
def digest(value: str) -> str:
    """A digest as people compare it: "9b2f e410 … 08c7"."""
    text = str(value or "")
    return f"{text[:4]} {text[4:8]} … {text[-4:]}" if len(text) > 16 else text


@register.filter
def short(value: Any) -> str:
    """The first eight characters of an id or revision."""
    return str(value or "")[:8]


@register.filter
def initials(name: Any) -> str:
    words = [w for w in str(name or "?").replace(".", " ").replace("_", " ").split() if w]
    return "".join(w[0] for w in words[:2]).upper() or "?"


@register.filter
def shade(name: Any) -> str:
    """One of four quiet colours for a person's initials, always the same for the same name."""
    return f"av-{sum(map(ord, str(name or ''))) % 4 + 1}"


@register.filter
def plural(count: Any, words: str) -> str:
    """3|plural:"policy,policies" → "3 policies"."""
    one, _, many = words.partition(",")
    try:
        number = int(count)
    except (TypeError, ValueError):
        number = len(count)
    return f"{thousands(number)} {one if number == 1 else (many or one + 's')}"


@register.filter
def dotted(path: Any) -> str:
    """A scope's path as it stands in an address."""
    return str(getattr(path, "path", path)).replace("/", ".")


@register.filter
def spaced(path: Any) -> str:
    """A scope's path as people read it: "halden / freight"."""
    return str(getattr(path, "path", path)).replace("/", " / ")


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value of a mapping by a key that is itself a variable."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def yesno_word(value: Any, words: str = "yes,no") -> str:
    yes, _, no = words.partition(",")
    return yes if value else no


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """light, dark or auto, from the person's cookie."""
    request = context.get("request")
    wanted = request.COOKIES.get("theme", "auto") if request is not None else "auto"
    return wanted if wanted in {"light", "dark"} else "auto"


@register.simple_tag(takes_context=True)
def theme_other(context: template.Context) -> str:
    return "light" if theme(context) == "dark" else "dark"
