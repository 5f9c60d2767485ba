# Which policies apply to a question, and what each of them says of the document.
#
# The ids are bound first and `input` is replaced once, so that the library is computed once for all
# policies. A policy that a set names and that is not loaded is missing from `loaded`: the portal compares.
package portal.router

ready := true

decide := {"applicable": rows, "loaded": loaded, "said": found} if {
	rows := {row | some candidate in candidates; row := bound(candidate)}
	ids := {row.id | some row in rows}
	loaded := {id: data.policies[id].meta.digest | some id in ids}
	found := said(ids) with input as input.document
}

said(ids) := {
	"deny": {id: data.policies[id].deny | some id in ids},
	"violations": {id: data.policies[id].violations | some id in ids},
}

candidates contains row if {
	some scope in input.question.scopes
	some row in data.portal.sets[scope][input.question.kind][input.question.event]
	asked(row)
}

# A step that names its policy sets is decided by those alone.
asked(_) if count(object.get(input.question, "sets", [])) == 0

asked(row) if sprintf("%s/%s", [row.scope, row.set]) in input.question.sets

# A row as it binds this document now; undefined when its set is about other documents or still off.
bound(row) := row if not row.when

bound(row) := object.union(object.remove(row, ["when"]), {"mode": mode}) if {
	row.when
	selected(object.get(row.when, "selector", {}))
	mode := mode_of(row.mode, object.get(row.when, "ramp", []))
	mode != "off"
}

# The mode of the latest step of a ramp that has come; without a clock, of the last one.
mode_of(start, ramp) := modes[count(modes) - 1] if {
	modes := array.concat([start], [step[1] | some step in ramp; come(step[0])])
}

come(at) if at <= metadata.timestamp

come(_) if not is_number(object.get(metadata, "timestamp", null))

# A list says nothing about itself: it comes without `metadata`.
default metadata := {}

metadata := input.document.metadata if is_object(input.document.metadata)

# What a selector asks holds for the document or for what it replaces: relabelling does not lead out.
selected(selector) if {
	every name, wanted in object.get(selector, "tags", {}) {
		tagged(name, wanted)
	}
	uses_one(object.get(selector, "templates", []))
	deploys_to_one(object.get(selector, "environment_types", []))
}

tagged(name, "*") if {
	some tags in all_tags
	name in object.keys(tags)
}

tagged(name, wanted) if {
	some tags in all_tags
	tags[name] == wanted
}

uses_one([])

uses_one(wanted) if {
	some identifier in used_templates
	identifier in wanted
}

deploys_to_one([])

deploys_to_one(wanted) if {
	some type in environment_types
	type in wanted
}

deploys_to_one(_) if "unknown" in environment_types

all_tags contains tags if {
	some body in bodies
	tags := object.get(body, "tags", {})
	is_object(tags)
}

used_templates contains identifier if {
	some template in object.get(metadata, "templates", [])
	parts := split(template.ref, ".")
	identifier := parts[count(parts) - 1]
}

used_templates contains identifier if some identifier in object.get(before, "templates", [])

environment_types contains known_type(object.get(body, "type", "")) if {
	some root in {"environmentEntity", "environment"}
	body := input.document[root]
}

environment_types contains known_type(type) if {
	some body in bodies
	walk(body, [_, stage])
	deploys(stage)
	type := object.get(stage, ["spec", "infrastructure", "environment", "type"], "")
}

deploys(stage) if stage.type == "Deployment"

deploys(stage) if {
	some name in {"environment", "environments", "environmentGroup"}
	stage.spec[name]
}

known_type(type) := type if type in {"Production", "PreProduction"}

else := "unknown"

bodies contains body if {
	some root, body in input.document
	root != "metadata"
	is_object(body)
}

bodies contains before.document if before.document

before := object.get(input.question, "before", {})
