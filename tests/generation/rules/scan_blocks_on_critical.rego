package pipeline

import rego.v1

# Scans stop on critical findings.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type in {"AquaTrivy", "Semgrep", "Gitleaks", "Grype"}
	object.get(step.spec, ["advanced", "fail_on_severity"], "none") != "critical"
	msg := sprintf("scan '%s' does not fail on critical findings", [step.name])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
