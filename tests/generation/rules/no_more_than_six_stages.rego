package pipeline

import rego.v1

# A pipeline has at most six stages.

deny contains msg if {
	count(input.pipeline.stages) > 6
	msg := sprintf("%d stages are too many, at most 6 are allowed", [count(input.pipeline.stages)])
}
