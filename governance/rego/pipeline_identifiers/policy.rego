# Pipeline identifiers are lower case
package starter_pipeline_identifiers

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the pipeline: it must hold that the identifier of the pipeline matches "^[a-z][a-z0-9_]*$".
violations contains violation if {
	not lib.matches(lib.field(input, ["pipeline", "identifier"]), {`^[a-z][a-z0-9_]*$`})
	violation := {
		"code": "identifier",
		"fix": "Rename it.",
		"msg": sprintf("Identifier '%v' is not lower case.", [lib.shown(lib.field(input, ["pipeline", "identifier"]))]),
		"path": "pipeline",
	}
}
