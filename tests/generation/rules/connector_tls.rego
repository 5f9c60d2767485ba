package connector

import rego.v1

# Connectors use TLS.

deny contains msg if {
	startswith(input.entity.spec.url, "http://")
	msg := sprintf("connector '%s' connects to '%s' without TLS", [input.entity.name, input.entity.spec.url])
}
