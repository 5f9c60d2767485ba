# Every pipeline has a description
package starter_pipelines_are_described

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the pipeline: it must hold that the description of the pipeline is given.
violations contains violation if {
	not lib.present(lib.field(input, ["pipeline", "description"]))
	violation := {
		"code": "description",
		"fix": "Say in one sentence what it is for.",
		"msg": sprintf("Pipeline '%v' has no description.", [lib.label(lib.field(input, ["pipeline"]))]),
		"path": "pipeline",
	}
}
