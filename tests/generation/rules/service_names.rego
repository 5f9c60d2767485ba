package service

import rego.v1

# Service identifiers end in _api, _job or _ui.

deny contains msg if {
	not regex.match(`_(api|job|ui)$`, input.serviceEntity.identifier)
	msg := sprintf("service identifier '%s' has to end in _api, _job or _ui", [input.serviceEntity.identifier])
}
