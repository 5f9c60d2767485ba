# Service names are lower case with hyphens
package starter_service_names

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the service: it must hold that the name of the service matches "^[a-z][a-z0-9-]{2,29}$".
violations contains violation if {
	not lib.matches(lib.field(input, ["serviceEntity", "name"]), {`^[a-z][a-z0-9-]{2,29}$`})
	violation := {
		"code": "name",
		"fix": "Rename it.",
		"msg": sprintf("Service name '%v' is not 3 to 30 lower case letters, digits and hyphens.", [lib.shown(lib.field(input, ["serviceEntity", "name"]))]),
		"path": "serviceEntity",
	}
}
