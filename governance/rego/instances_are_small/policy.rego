# Instances are of the t3 family
package starter_instances_are_small

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the planned resources, modules too (resource), where the type of the resource is
# "aws_instance": it must hold that the instance type of the resource starts with "t3.".
violations contains violation if {
	some resource_place, resource in lib.planned_resources
	resource.type == "aws_instance"
	not lib.starts_with(lib.field(resource, ["values", "instance_type"]), {"t3."})
	violation := {
		"code": "size",
		"fix": "Use a t3 size.",
		"msg": sprintf("%v has the size '%v'.", [lib.shown(lib.field(resource, ["address"])), lib.shown(lib.field(resource, ["values", "instance_type"]))]),
		"path": lib.path_text(resource_place),
	}
}
