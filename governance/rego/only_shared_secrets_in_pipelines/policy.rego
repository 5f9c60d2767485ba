# Pipelines read secrets of the account or organisation only
package starter_only_shared_secrets_in_pipelines

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the secrets read with <+secrets.getValue> (secret): it must hold that the secret is
# of scope "account" or "org".
violations contains violation if {
	some secret_place, secret in lib.secret_reads
	not lib.scope_of(secret) in {"account", "org"}
	violation := {
		"code": "secret-scope",
		"fix": "Move it to the account or organisation.",
		"msg": sprintf("The pipeline reads the project secret '%v'.", [lib.label(secret)]),
		"path": lib.path_text(array.concat(["pipeline"], secret_place)),
	}
}
