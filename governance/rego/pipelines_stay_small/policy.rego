# A pipeline has at most 20 stages
package starter_pipelines_stay_small

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the pipeline: it must hold that the number of stages, parallel ones too is at most 20.
violations contains violation if {
	count([1 | some stage in lib.stages]) > 20
	violation := {
		"code": "too-long",
		"fix": "Split it and chain the parts.",
		"msg": sprintf("Pipeline '%v' has more than 20 stages.", [lib.label(lib.field(input, ["pipeline"]))]),
		"path": "pipeline",
	}
}
