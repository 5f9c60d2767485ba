# Services do not deploy the tag latest
package starter_artifacts_are_not_latest

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the artifact sources (artifact): it must hold that the tag of the artifact is not
# "latest".
violations contains violation if {
	some artifact_key, artifact in input.serviceEntity.serviceDefinition.spec.artifacts.primary.sources
	artifact.spec.tag == "latest"
	violation := {
		"code": "latest",
		"fix": "Name a version, or take it as a runtime input.",
		"msg": sprintf("Artifact '%v' uses the tag latest.", [lib.shown(lib.field(artifact, ["identifier"]))]),
		"path": lib.path_text(["serviceEntity", "serviceDefinition", "spec", "artifacts", "primary", "sources", artifact_key]),
	}
}
