package pipeline

import rego.v1

# Pipelines have a description of at least 20 characters.

deny contains msg if {
	count(object.get(input.pipeline, "description", "")) < 20
	msg := "the pipeline needs a description of at least 20 characters"
}
