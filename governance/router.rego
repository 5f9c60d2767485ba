# Which policies apply to a question, and what each of them says of the document.
#
# The ids are bound first and `input` is replaced once, so that the library is computed once for all
# policies. A policy that a set names and that is not loaded is missing from `loaded`: the portal compares.
package portal.router

ready := true

decide := {"applicable": rows, "loaded": loaded, "said": found} if {
	rows := {row |
		some scope in input.question.scopes
		some row in data.portal.sets[scope][input.question.kind][input.question.event]
	}
	ids := {row.id | some row in rows}
	loaded := {id: data.policies[id].meta.digest | some id in ids}
	found := said(ids) with input as input.document
}

said(ids) := {
	"deny": {id: data.policies[id].deny | some id in ids},
	"violations": {id: data.policies[id].violations | some id in ids},
}
