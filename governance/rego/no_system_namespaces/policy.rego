# Nothing is deployed into system namespaces
package starter_no_system_namespaces

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the infrastructure definition: it must hold that the namespace of the infrastructure
# definition is not "default" and the namespace of the infrastructure definition does not start
# with "kube-".
violations contains violation if {
	either
	violation := {
		"code": "namespace",
		"fix": "Use a namespace of your own.",
		"msg": sprintf("Namespace '%v' belongs to the cluster.", [lib.shown(lib.field(input, ["infrastructureEntity", "spec", "namespace"]))]),
		"path": "infrastructureEntity",
	}
}

# The namespace of the infrastructure definition is "default" or the namespace of the
# infrastructure definition starts with "kube-".
either if input.infrastructureEntity.spec.namespace == "default"

either if lib.starts_with(lib.field(input, ["infrastructureEntity", "spec", "namespace"]), {"kube-"})
