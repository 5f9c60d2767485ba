# How a checker outside the portal asks: `conftest test -p bundle document.json`, or
# `opa eval -b bundle.tar.gz -i document.json data.main.deny`. What cannot be decided is denied.
package main

# What would block, as the portal's gate would say it.
deny contains said.msg if {
	some row in decided.applicable
	row.severity == "error"
	row.mode == "enforce"
	some said in objections(row.id)
}

deny contains "this document is of no kind that the portal gates" if count(kinds) == 0

# One file, one document: of several the policies could be asked about another than the one that is used.
deny contains sprintf("this file holds several documents: %s", [concat(", ", sort(kinds))]) if count(kinds) > 1

# What is named wrong is bound by nothing, so a file must not choose it.
deny contains sprintf("%s documents have no event %v that policies are bound to", [kind, event]) if {
	not event in data.portal.outside.events[kind]
}

# Templates live in the portal: what a reference stands for cannot be judged here.
deny contains sprintf("%s is a reference to a template; check the expanded document, as the portal shows it", [name]) if {
	some name in unexpanded
}

deny contains sprintf("policy %s is bound but not in this bundle", [row.id]) if {
	some row in decided.applicable
	not decided.loaded[row.id]
}

deny contains "the bundle gave no decision" if {
	count(kinds) == 1
	not decided
}

# What would only be told.
warn contains said.msg if {
	some row in decided.applicable
	row.mode != "shadow"
	not blocks(row)
	some said in objections(row.id)
}

blocks(row) if {
	row.severity == "error"
	row.mode == "enforce"
}

kinds contains name if {
	some root, name in data.portal.outside.kinds
	root in object.keys(input)
}

kind := name if {
	count(kinds) == 1
	some name in kinds
}

event := object.get(object.union({"metadata": {}}, input).metadata, "action", "onsave")

unexpanded contains node.template.templateRef if {
	walk(input, [_, node])
	is_string(node.template.templateRef)
	every key in object.keys(node) {
		key in {"template", "identifier", "name", "description", "tags", "orgIdentifier", "projectIdentifier"}
	}
}

decided := result if {
	document := object.union({"metadata": {}}, input)
	question := {
		"scopes": data.portal.outside.scopes,
		"kind": kind,
		"event": event,
	}
	result := data.portal.router.decide with input as {"document": document, "question": question}
}

# `violations` gives a message its place and fix; `deny` may be a set, a list, a text, true or an object.
objections(id) := found if {
	found := plain(id, decided.said.deny) | plain(id, decided.said.violations)
}

plain(id, held) := ((({item |
	listed(held[id])
	some each in held[id]
	item := as_object(id, each)
} | {item |
	is_string(held[id])
	held[id] != ""
	item := {"msg": held[id]}
}) | {item |
	held[id] == true
	item := {"msg": denied_by(id)}
}) | {item |
	is_object(held[id])
	has_text(held[id])
	item := as_object(id, held[id])
}) | {item |
	is_object(held[id])
	not has_text(held[id])
	some key, value in held[id]
	not value in {false, null}
	item := keyed(key, value)
}

listed(value) if is_array(value)

listed(value) if is_set(value)

has_text(value) if "msg" in object.keys(value)

has_text(value) if "message" in object.keys(value)

as_object(id, each) := {"msg": worded(id, each)} if is_string(each)

as_object(id, each) := {"msg": worded(id, said)} if {
	is_object(each)
	said := object.get(each, "msg", object.get(each, "message", ""))
}

as_object(id, each) := {"msg": sprintf("%s: %s", [denied_by(id), json.marshal(each)])} if {
	not is_string(each)
	not is_object(each)
}

worded(_, said) := said if {
	is_string(said)
	said != ""
}

worded(id, "") := denied_by(id)

worded(id, said) := denied_by(id) if not is_string(said)

keyed(key, value) := {"msg": object.get(value, "msg", key)} if is_object(value)

keyed(key, value) := {"msg": key} if not is_object(value)

denied_by(id) := sprintf("denied by %s", [parts[count(parts) - 1]]) if {
	parts := split(id, "/")
}
