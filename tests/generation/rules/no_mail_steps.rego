package pipeline

import rego.v1

# Pipelines send no e-mails.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type == "Email"
	msg := sprintf("e-mail step '%s' is not allowed", [step.name])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
