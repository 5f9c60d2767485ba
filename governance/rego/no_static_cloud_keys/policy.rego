# AWS connectors use no static keys
package starter_no_static_cloud_keys

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the connector, where the type of the connector is "Aws": it must hold that the credential
# type of the connector is not "ManualConfig".
violations contains violation if {
	input.entity.type == "Aws"
	input.entity.spec.credential.type == "ManualConfig"
	violation := {
		"code": "static-keys",
		"fix": "Use Irsa or InheritFromDelegate.",
		"msg": sprintf("Connector '%v' uses static access keys.", [lib.label(lib.field(input, ["entity"]))]),
		"path": "entity",
	}
}
