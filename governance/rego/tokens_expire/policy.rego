# Tokens expire within 90 days
package starter_tokens_expire

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the token: it must hold that the valid until of the token minus the valid from of the token
# is at most 90 days.
violations contains violation if {
	not lib.at_most(lib.difference(lib.instant(lib.field(input, ["token", "validTo"])), lib.instant(lib.field(input, ["token", "validFrom"]))), 7776000)
	violation := {
		"code": "token-lifetime",
		"fix": "Choose an earlier end.",
		"msg": sprintf("Token '%v' is valid for more than 90 days.", [lib.label(lib.field(input, ["token"]))]),
		"path": "token",
	}
}
