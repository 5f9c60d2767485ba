package pipeline

import rego.v1

# Docker images go to the company's registry.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type == "BuildAndPushDockerRegistry"
	not startswith(step.spec.repo, "harbor.halden.example/")
	msg := sprintf("step '%s' pushes to '%s'; only harbor.halden.example is allowed", [step.name, step.spec.repo])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
