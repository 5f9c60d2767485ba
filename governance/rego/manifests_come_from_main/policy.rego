# Manifests come from main
package starter_manifests_come_from_main

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the manifests (manifest): it must hold that the branch of the manifest is not set or
# the branch of the manifest is "main".
violations contains violation if {
	some manifest_key, manifest in input.serviceEntity.serviceDefinition.spec.manifests
	lib.field(manifest, ["manifest", "spec", "store", "spec", "branch"]) != null
	not manifest.manifest.spec.store.spec.branch == "main"
	violation := {
		"code": "branch",
		"fix": "Read it from main.",
		"msg": sprintf("Manifest '%v' is read from branch '%v'.", [lib.shown(lib.field(manifest, ["manifest", "identifier"])), lib.shown(lib.field(manifest, ["manifest", "spec", "store", "spec", "branch"]))]),
		"path": lib.path_text(["serviceEntity", "serviceDefinition", "spec", "manifests", manifest_key]),
	}
}
