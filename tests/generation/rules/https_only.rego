package pipeline

import rego.v1

# Steps call https addresses only.

deny contains msg if {
	some step in steps_in(input.pipeline)
	startswith(step.spec.url, "http://")
	msg := sprintf("step '%s' calls '%s' without TLS", [step.name, step.spec.url])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
