# Every pipeline has an owner
package starter_pipelines_have_an_owner

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the pipeline: it must hold that the tag owner of the pipeline is given.
violations contains violation if {
	not lib.present(lib.field(input, ["pipeline", "tags", "owner"]))
	violation := {
		"code": "owner",
		"fix": "Add the tag owner with the name of a team.",
		"msg": sprintf("Pipeline '%v' has no tag owner.", [lib.label(lib.field(input, ["pipeline"]))]),
		"path": "pipeline",
	}
}
