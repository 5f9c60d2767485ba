package pipeline

import rego.v1

# Run steps use Bash.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type == "Run"
	step.spec.shell != "Bash"
	msg := sprintf("step '%s' uses the shell %s", [step.name, step.spec.shell])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
