package secret

import rego.v1

# Secrets are kept in vault_main.

deny contains msg if {
	input.secret.spec.secretManagerIdentifier != "vault_main"
	msg := sprintf("secret '%s' is kept in %s; keep it in vault_main", [input.secret.name, input.secret.spec.secretManagerIdentifier])
}
