"""The HTTP status of every refusal, once for all doors. Never 200, so that scripts and tests see it."""

STATUS = {
    "denied": 403,
    "not_found": 404,
    "conflict": 409,
    "blocked": 422,
    "invalid": 422,
    "gate_unavailable": 503,
    "too_many_requests": 429,
}
