"""Everything that is held against a policy before anybody reads it.

Each check is a pure function over a syntax tree, verdicts or times; `engines.opa_checks` runs them
on a module with the limited process.
"""

from governance.authoring.checks.breadth import contradiction, smallest_conflict, too_broad
from governance.authoring.checks.cost import large_document, simple_policy, too_costly
from governance.authoring.checks.evasion import changed_minds, evasions, rewrites
from governance.authoring.checks.findings import Finding, Report
from governance.authoring.checks.mutation import (
    rego_mutants,
    rule_mutants,
    rule_mutation_score,
)
from governance.authoring.checks.never_fires import never_fires
from governance.authoring.checks.references import foreign_references, unused_deny
from governance.authoring.checks.rule_values import impossible_tests
from governance.authoring.checks.together import conflicts

__all__ = [
    "Finding", "Report", "changed_minds", "conflicts", "contradiction", "evasions", "foreign_references", "impossible_tests",
    "large_document", "never_fires", "rego_mutants", "rewrites", "rule_mutants", "rule_mutation_score",
    "simple_policy", "smallest_conflict", "too_broad", "too_costly", "unused_deny",
]  # fmt: skip
