package pipeline

import rego.v1

# Steps do not run privileged.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.spec.privileged == true
	msg := sprintf("step '%s' runs privileged", [step.name])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
