package service

import rego.v1

# Manifests are read from main.

deny contains msg if {
	some entry in input.serviceEntity.serviceDefinition.spec.manifests
	branch := entry.manifest.spec.store.spec.branch
	branch != "main"
	msg := sprintf("manifest '%s' comes from branch '%s' and not from main", [entry.manifest.identifier, branch])
}
