package pipeline

import rego.v1

# Pipelines say who pays.

deny contains msg if {
	some tag in ["owner", "cost_centre"]
	object.get(object.get(input.pipeline, "tags", {}), tag, "") == ""
	msg := sprintf("tag %s is missing", [tag])
}
