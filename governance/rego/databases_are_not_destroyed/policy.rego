# Databases and buckets are not destroyed
package starter_databases_are_not_destroyed

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the resource changes (change), where the resource type of the change is one of
# "aws_db_instance" or "aws_s3_bucket": it must hold that there is none of the actions of the
# change where the action is "delete".
violations contains violation if {
	some change_key, change in input.resource_changes
	change.type in {"aws_db_instance", "aws_s3_bucket"}
	some action in change.change.actions
	action == "delete"
	violation := {
		"code": "destroy",
		"fix": "Take it out of the plan, or move it first.",
		"msg": sprintf("%v would be destroyed.", [lib.shown(lib.field(change, ["address"]))]),
		"path": lib.path_text(["resource_changes", change_key]),
	}
}
