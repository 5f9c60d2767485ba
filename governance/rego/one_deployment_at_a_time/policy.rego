# One deployment at a time
package starter_one_deployment_at_a_time

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the infrastructure definition: it must hold that the simultaneous deployments of the
# infrastructure definition is not true.
violations contains violation if {
	input.infrastructureEntity.allowSimultaneousDeployments == true
	violation := {
		"code": "simultaneous",
		"fix": "Set allowSimultaneousDeployments to false.",
		"msg": sprintf("'%v' allows simultaneous deployments.", [lib.label(lib.field(input, ["infrastructureEntity"]))]),
		"path": "infrastructureEntity",
	}
}
