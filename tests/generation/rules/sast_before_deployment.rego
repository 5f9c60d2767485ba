package pipeline

import rego.v1

# A SAST scan comes before every deployment.

scanners := {"HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CodeQL", "Bandit", "Brakeman"}

deny contains msg if {
	some target in slots
	target.stage.type == "Deployment"
	not scanned_before(target.pos)
	msg := sprintf("stage '%s' deploys code that no SAST step has looked at", [target.stage.name])
}

scanned_before(pos) if {
	some other in slots
	other.pos < pos
	some step in steps_in(other.stage)
	step.type in scanners
}

slots contains {"pos": i, "stage": s} if {
	some i, entry in input.pipeline.stages
	s := entry.stage
}

slots contains {"pos": i, "stage": s} if {
	some i, entry in input.pipeline.stages
	some member in entry.parallel
	s := member.stage
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
