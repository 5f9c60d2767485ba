package service

import rego.v1

# Services have an owner.

deny contains msg if {
	object.get(object.get(input.serviceEntity, "tags", {}), "owner", "") == ""
	msg := "the service has no owner tag"
}
