package pipeline

import rego.v1

# Identifiers of pipelines are lower case with underscores.

deny contains msg if {
	not regex.match(`^[a-z][a-z0-9]*(_[a-z0-9]+)+$`, input.pipeline.identifier)
	msg := sprintf("'%s' is no good identifier: use lower case words joined by underscores", [input.pipeline.identifier])
}
