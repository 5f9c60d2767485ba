package pipeline

import rego.v1

# No step may take longer than half an hour.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type != "HarnessApproval"
	minutes(step.timeout) > 30
	msg := sprintf("step '%s' may take at most 30m, but its timeout is %s", [step.name, step.timeout])
}

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type != "HarnessApproval"
	not step.timeout
	msg := sprintf("step '%s' has no timeout", [step.name])
}

minutes(text) := to_number(trim_suffix(text, "m")) if endswith(text, "m")

minutes(text) := to_number(trim_suffix(text, "h")) * 60 if endswith(text, "h")

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
