# The notions of the field, defined once for every policy.
#
# A place is the path of an element in its document: ["stages", 0, "stage"]. Functions that give
# a value are total: they answer null where there is nothing to tell. No built-in is ever called
# with a type it refuses, so that strict evaluation does not fail on an odd document.
package portal.lib

# The value at a path; null when it is missing.
field(node, path) := object.get(node, path, null) if is_object(node)

else := null

# Text in small letters; other values as they are.
lowered(value) := lower(value) if is_string(value)

else := value

# A reference without its scope prefix.
bare(value) := trim_prefix(trim_prefix(value, "account."), "org.") if is_string(value)

else := value

# The scope a reference names.
scope_of(value) := "account" if starts_with(value, {"account."})

else := "org" if starts_with(value, {"org."})

else := "project" if is_string(value)

else := null

# A number, also one written as text: 5, "5", "79.9%".
number(value) := value if is_number(value)

else := to_number(found[0][1]) if {
	is_string(value)
	found := regex.find_all_string_submatch_n(`^\s*(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)\s*%?\s*$`, value, 1)
	count(found) == 1
}

else := null

# The length of a duration such as 10m, 1h 30m or 1w in seconds.
seconds(value) := sum(parts) if {
	is_string(value)
	regex.match(`^\s*([0-9]+\s*[wdhms]\s*)+$`, value)
	parts := [length |
		some part in regex.find_all_string_submatch_n(`([0-9]+)\s*([wdhms])`, value, -1)
		length := digits(part[1]) * second_units[part[2]]
	]
}

else := null

second_units := {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}

# Digits as a number, leading zeros allowed.
digits(text) := 0 if trim_left(text, "0") == ""

else := to_number(trim_left(text, "0"))

# An amount such as 500m, 2, 1.5 cores, 500Mi or 1G in whole thousandths.
quantity(value) := round(value * 1000) if is_number(value)

else := round(to_number(found[0][1]) * quantity_units[found[0][2]]) if {
	is_string(value)
	found := regex.find_all_string_submatch_n(`^\s*((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*$`, value, 1)
	count(found) == 1
	quantity_units[found[0][2]]
}

else := null

# Thousandths in one of each unit.
quantity_units := {
	"": 1000, "m": 1, "core": 1000, "cores": 1000, "cpu": 1000, "B": 1000,
	"k": 1000000, "K": 1000000, "M": 1000000000, "G": 1000000000000, "T": 1000000000000000,
	"kB": 1000000, "KB": 1000000, "MB": 1000000000, "GB": 1000000000000, "TB": 1000000000000000,
	"Ki": 1024000, "Mi": 1048576000, "Gi": 1073741824000, "Ti": 1099511627776000,
	"KiB": 1024000, "MiB": 1048576000, "GiB": 1073741824000, "TiB": 1099511627776000,
}

# A dotted version as six numbers; what follows the numbers is ignored.
version(value) := array.slice(array.concat(given, [0, 0, 0, 0, 0, 0]), 0, 6) if {
	text := version_text(value)
	found := regex.find_all_string_submatch_n(`^\s*[vV]?([0-9]+(?:\.[0-9]+)*)`, text, 1)
	count(found) == 1
	given := [digits(part) | some part in split(found[0][1], ".")]
}

else := null

version_text(value) := value if is_string(value)

else := sprintf("%v", [value]) if is_number(value)

else := ""

# A point in time in seconds since 1970: numbers in seconds or milliseconds, or a date as text.
instant(value) := given if {
	given := number(value)
	is_number(given)
	given <= 100000000000
}

else := number(value) / 1000 if is_number(number(value))

else := moment(found[0]) if {
	is_string(value)
	found := regex.find_all_string_submatch_n(`^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?:Z|([+-]\d{2}):?(\d{2}))?)?$`, value, 1)
	count(found) == 1
}

else := null

# Seconds since 1970 from [text, year, month, day, hour, minute, second, zone hour, zone minute].
moment(part) := (days_since_1970(part) * 86400) + (clock_seconds(part) - zone_seconds(part))

clock_seconds(part) := (digits(part[4]) * 3600) + ((digits(part[5]) * 60) + digits(part[6]))

zone_seconds(part) := (digits(trim(part[7], "+-")) * 3600) + (digits(part[8]) * 60) if not startswith(part[7], "-")

else := 0 - ((digits(trim(part[7], "+-")) * 3600) + (digits(part[8]) * 60))

days_since_1970(part) := ((era * 146097) + day_of_era) - 719468 if {
	month := digits(part[2])
	year := digits(part[1]) - early(month)
	era := floor(year / 400)
	year_of_era := year - (era * 400)
	day_of_year := (floor(((153 * ((month + 9) % 12)) + 2) / 5) + digits(part[3])) - 1
	day_of_era := ((year_of_era * 365) + (floor(year_of_era / 4) - floor(year_of_era / 100))) + day_of_year
}

early(month) := 1 if month <= 2

else := 0

# The licence ids in an SPDX expression or a list of them, without -only, -or-later and +.
licence_ids(value) := {id |
	some text in licence_texts(value)
	some word in regex.split(`[^A-Za-z0-9.+-]+`, text)
	id := trim_suffix(trim_suffix(trim_suffix(lower(word), "+"), "-only"), "-or-later")
	not id in {"", "and", "or", "with"}
}

licence_texts(value) := [value] if is_string(value)

else := [text | some text in value; is_string(text)] if is_array(value)

else := []

# How many entries a list or map has, how many characters a text.
size(value) := count(value) if type_name(value) in {"array", "object", "string"}

else := 0

# Arithmetic that gives null where a side is no number.
difference(a, b) := a - b if numbers(a, b)

else := null

total(a, b) := a + b if numbers(a, b)

else := null

product_of(a, b) := a * b if numbers(a, b)

else := null

ratio(a, b) := a / b if {
	numbers(a, b)
	b != 0
}

else := null

numbers(a, b) if {
	is_number(a)
	is_number(b)
}

highest(values) := max(values) if count(values) > 0

else := null

lowest(values) := min(values) if count(values) > 0

else := null

# Not missing, null, empty or blank.
present(value) if {
	not value in {null, "", [], {}}
	not blank(value)
}

blank(value) if {
	is_string(value)
	trim_space(value) == ""
}

starts_with(value, options) if {
	is_string(value)
	some option in options
	is_string(option)
	startswith(value, option)
}

ends_with(value, options) if {
	is_string(value)
	some option in options
	is_string(option)
	endswith(value, option)
}

contains_text(value, options) if {
	is_string(value)
	some option in options
	is_string(option)
	contains(value, option)
}

# One of the words stands in the text between characters that are neither letters nor digits.
has_word(value, options) if {
	is_string(value)
	some option in options
	is_string(option)
	contains(words(value), words(option))
}

words(text) := concat("", [" ", trim_space(regex.replace(lower(text), `[^a-z0-9]+`, " ")), " "])

matches(value, patterns) if {
	is_string(value)
	some pattern in patterns
	regex.match(pattern, value)
}

# A value that is given when the pipeline runs.
runtime_input(value) if {
	is_string(value)
	startswith(trim_space(value), "<+input>")
}

has_expression(value) if {
	is_string(value)
	contains(value, "<+")
}

licensed(value, ids) if {
	some id in licence_ids(value)
	id in ids
}

same(a, b) if {
	a != null
	a == b
}

# Comparisons hold only between two values of one type.
comparable(a, b) if {
	a != null
	type_name(a) == type_name(b)
}

less_than(a, b) if {
	comparable(a, b)
	a < b
}

at_most(a, b) if {
	comparable(a, b)
	a <= b
}

more_than(a, b) if {
	comparable(a, b)
	a > b
}

at_least(a, b) if {
	comparable(a, b)
	a >= b
}

# What a message calls an element: its name, else its identifier, else the value itself.
label(node) := node.name if {
	is_object(node)
	present(node.name)
	is_string(node.name)
}

else := first_named(node) if is_object(node)

else := shown(node)

first_named(node) := names[0] if {
	names := [name | some key in ["identifier", "address", "packageName", "title", "id", "type"]; name := node[key]; is_string(name)]
	count(names) > 0
}

else := "?"

# A value as a message shows it.
shown(value) := "" if value == null

else := json.marshal(value) if type_name(value) in {"array", "object", "set"}

else := value

# A place as people write it: pipeline.stages[0].stage
path_text(place) := trim_prefix(concat("", [segment(key) | some key in place]), ".")

segment(key) := sprintf("[%d]", [key]) if is_number(key)

else := concat("", [".", key])

# Stages, steps and step groups by their place, wherever they are nested.
nested[place] := node if {
	some root, list in stage_lists
	walk(list, [path, node])
	path[count(path) - 1] in {"stage", "step", "stepGroup"}
	is_object(node)
	place := array.concat(root, path)
}

nested[["spec"]] := input.template.spec if {
	input.template.type in {"Stage", "Step"}
	is_object(input.template.spec)
}

stage_lists[["stages"]] := input.pipeline.stages if is_array(input.pipeline.stages)

stage_lists[["spec"]] := input.template.spec if is_object(input.template.spec)

# Stages, alone, in parallel or inserted.
stages[place] := stage if {
	some place, stage in nested
	place[count(place) - 1] == "stage"
	every key in place {
		stage_key(key)
	}
}

stages[["spec"]] := nested[["spec"]] if input.template.type == "Stage"

stage_key(key) if is_number(key)

stage_key(key) if key in {"spec", "stages", "stage", "parallel", "insert"}

# Steps at any depth, those of a rollback included.
all_steps[place] := step if {
	some place, step in nested
	place[count(place) - 1] == "step"
}

all_steps[["spec"]] := nested[["spec"]] if input.template.type == "Step"

# Steps of the normal run.
steps[place] := step if {
	some place, step in all_steps
	not off_the_run(place)
}

off_the_run(place) if {
	some key in {"rollbackSteps", "template", "templateInputs", "provisioner"}
	key in place
}

rollback_steps[place] := step if {
	some place, step in all_steps
	"rollbackSteps" in place
}

step_groups[place] := group if {
	some place, group in nested
	place[count(place) - 1] == "stepGroup"
}

# The same by type: what looks for one type need not look at all of them.
stages_of_type[type][place] := stage if {
	some place, stage in stages
	type := stage.type
	is_string(type)
}

all_steps_of_type[type][place] := step if {
	some place, step in all_steps
	type := step.type
	is_string(type)
}

steps_of_type[type][place] := step if {
	some place, step in steps
	type := step.type
	is_string(type)
}

# The place of the stage that holds an element.
stage_of(place) := array.slice(place, 0, min(ends) + 1) if {
	ends := [i | some i, key in place; key == "stage"]
	count(ends) > 0
}

else := ["spec"] if stages[["spec"]]

else := ["no stage"]

# The stage that holds an element.
holder(place) := object.get(stages, [stage_of(place)], {})

# The element lies inside the stage.
within(place, stage_place) if array.slice(place, 0, count(stage_place)) == stage_place

# The first is over when the second starts; members of a parallel block are not.
before(first, second) if {
	some i, key in first
	is_number(key)
	is_number(second[i])
	key < second[i]
	array.slice(first, 0, i) == array.slice(second, 0, i)
	first[i - 1] != "parallel"
}

# The first stands in the entry right in front of the second.
directly_before(first, second) if {
	some i, key in first
	is_number(key)
	second[i] == key + 1
	array.slice(first, 0, i) == array.slice(second, 0, i)
	first[i - 1] != "parallel"
}

# The step lies in the stage, in front of every deploy step of it.
in_front(place, stage_place, deploy_types) if {
	within(place, stage_place)
	not late(place, stage_place, deploy_types)
}

late(place, stage_place, deploy_types) if {
	some type in deploy_types
	some other, _ in steps_of_type[type]
	within(other, stage_place)
	not before(place, other)
}

# Environments a stage deploys to, as they are referenced.
environments[array.concat(place, ["spec", "environment", "environmentRef"])] := ref if {
	some place, stage in stages
	ref := stage.spec.environment.environmentRef
	is_string(ref)
}

environments[array.concat(place, ["spec", "environments", "values", i, "environmentRef"])] := ref if {
	some place, stage in stages
	some i, target in stage.spec.environments.values
	ref := target.environmentRef
	is_string(ref)
}

environments[array.concat(place, ["spec", "environmentGroup", "environments", i, "environmentRef"])] := ref if {
	some place, stage in stages
	some i, target in stage.spec.environmentGroup.environments
	ref := target.environmentRef
	is_string(ref)
}

environments[array.concat(place, ["spec", "infrastructure", "environmentRef"])] := ref if {
	some place, stage in stages
	ref := stage.spec.infrastructure.environmentRef
	is_string(ref)
}

# Services a stage deploys.
services[array.concat(place, ["spec", "service", "serviceRef"])] := ref if {
	some place, stage in stages
	ref := stage.spec.service.serviceRef
	is_string(ref)
}

services[array.concat(place, ["spec", "services", "values", i, "serviceRef"])] := ref if {
	some place, stage in stages
	some i, target in stage.spec.services.values
	ref := target.serviceRef
	is_string(ref)
}

# Infrastructure definitions a stage deploys to.
infrastructures[array.concat(place, ["spec", "environment", "infrastructureDefinitions", i, "identifier"])] := ref if {
	some place, stage in stages
	some i, target in stage.spec.environment.infrastructureDefinitions
	ref := target.identifier
	is_string(ref)
}

infrastructures[array.concat(place, ["spec", "environments", "values", i, "infrastructureDefinitions", j, "identifier"])] := ref if {
	some place, stage in stages
	some i, environment in stage.spec.environments.values
	some j, target in environment.infrastructureDefinitions
	ref := target.identifier
	is_string(ref)
}

# Links to templates, wherever they stand.
templates_used[path] := link if {
	walk(document, [path, link])
	path[count(path) - 1] == "template"
	is_string(link.templateRef)
}

# Stages that deploy to production: the resolved environment type decides, without one the
# environment reference is read.
production contains place if {
	some place, stage in stages
	stage.type == "Deployment"
	stage.spec.infrastructure.environment.type == "Production"
}

production contains place if {
	some place, stage in stages
	stage.type == "Deployment"
	not resolved(stage)
	named_production(place)
}

resolved(stage) if stage.spec.infrastructure.environment.type in {"Production", "PreProduction"}

named_production(place) if {
	some other, ref in environments
	within(other, place)
	production_name(ref)
}

named_production(place) if production_name(stages[place].spec.environmentGroup.envGroupRef)

# One of its words is prod or production, and it is not a pre-prod or non-prod one.
production_name(ref) if {
	is_string(ref)
	names := {name | some name in regex.split(`[^a-z0-9]+`, lower(ref))}
	count(names & {"prod", "production", "prd"}) > 0
	count(names & {"pre", "non", "not"}) == 0
}

# A step of these types runs in an earlier stage.
ran_before(stage_place, types) if {
	some type in types
	some place, _ in steps_of_type[type]
	before(place, stage_place)
}

# One of the groups approves in an earlier stage, or in the stage before it deploys.
approved_before(stage_place, groups, types, deploy_types) if {
	some type in types
	some place, step in steps_of_type[type]
	lists_group(step, groups)
	in_time(place, stage_place, deploy_types)
}

lists_group(_, groups) if count(groups) == 0

lists_group(step, groups) if {
	some group in step.spec.approvers.userGroups
	bare(group) in groups
}

in_time(place, stage_place, _) if before(place, stage_place)

in_time(place, stage_place, deploy_types) if in_front(place, stage_place, deploy_types)

# The acting user is a member of one of the groups.
user_in_group(groups) if {
	some group in input.metadata.userGroups
	bare(identifier(group)) in groups
}

identifier(node) := field(node, ["identifier"]) if is_object(node)

else := node

# The acting user holds one of the roles.
user_has_role(roles) if {
	some assignment in input.metadata.roleAssignmentMetadata
	assignment.roleIdentifier in roles
}

# The time of the question at a place of the world; undefined without a timestamp.
local_time(zone) := {
	"date": sprintf("%04d-%02d-%02dT%02d:%02d:%02d", [year, month, day, hour, minute, second]),
	"day": day,
	"days_left": last_day(year, month) - day,
	"minute": (hour * 60) + minute,
	"month": month,
	"weekday": weekday,
} if {
	is_number(input.metadata.timestamp)
	input.metadata.timestamp >= 0
	input.metadata.timestamp < 9000000000
	ns := floor(input.metadata.timestamp) * 1000000000
	[year, month, day] := time.date([ns, zone])
	[hour, minute, second] := time.clock([ns, zone])
	weekday := time.weekday([ns, zone])
}

last_day(year, month) := 29 if {
	month == 2
	leap(year)
}

else := [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]

leap(year) if {
	year % 4 == 0
	year % 100 != 0
}

leap(year) if year % 400 == 0

# Windows of a day in minutes, [from, until); one may run over midnight.
in_daily(now, windows) if {
	some [start, end] in windows
	start <= end
	now.minute >= start
	now.minute < end
}

in_daily(now, windows) if {
	some [start, end] in windows
	start > end
	over_midnight(now.minute, start, end)
}

over_midnight(minute, start, _) if minute >= start

over_midnight(minute, _, end) if minute < end

# Windows of a week in minutes since Monday 00:00, [from, until); one may run over Sunday.
in_weekly(now, windows) if {
	minute := (week_days[now.weekday] * 1440) + now.minute
	in_daily({"minute": minute}, windows)
}

week_days := {"Monday": 0, "Tuesday": 1, "Wednesday": 2, "Thursday": 3, "Friday": 4, "Saturday": 5, "Sunday": 6}

# Ranges of dates as text, [from, until).
in_dates(now, ranges) if {
	some [start, end] in ranges
	now.date >= start
	now.date < end
}

# Ranges of every year as month-day, both included; one may run over New Year.
in_yearly(now, ranges) if {
	some [start, end] in ranges
	start <= end
	substring(now.date, 5, 5) >= start
	substring(now.date, 5, 5) <= end
}

in_yearly(now, ranges) if {
	some [start, end] in ranges
	start > end
	over_new_year(substring(now.date, 5, 5), start, end)
}

over_new_year(day, start, _) if day >= start

over_new_year(day, _, end) if day <= end

# The entity the policy speaks about.
document := input[key] if {
	keys := [name | some name in entity_roots; is_object(input[name])]
	key := keys[0]
}

else := input

entity_roots := [
	"pipeline", "template", "serviceEntity", "environmentEntity", "infrastructureEntity",
	"entity", "secret", "variable", "overrideEntity", "workspace", "gitopsApplication",
	"featureFlag", "token", "apiKey", "serviceAccount",
]

# Every text anywhere in the document.
texts[path] := text if {
	walk(document, [path, text])
	is_string(text)
}

# The ids of secrets that are read with <+secrets.getValue("...")>.
secret_reads[array.concat(path, [i])] := match[1] if {
	walk(document, [path, text])
	is_string(text)
	contains(text, "secrets.getValue(")
	some i, match in regex.find_all_string_submatch_n(`secrets\.getValue\(\s*["']([^"']*)["']`, text, -1)
}

# The insides of expressions <+...>.
expressions[array.concat(path, [i])] := match[1] if {
	walk(document, [path, text])
	is_string(text)
	contains(text, "<+")
	some i, match in regex.find_all_string_submatch_n(`<\+([^<>]*)>`, text, -1)
}

# Planned resources of the root module and of every nested one.
planned_resources[array.concat(["planned_values"], array.concat(path, [i]))] := resource if {
	walk(input.planned_values, [path, list])
	path[count(path) - 1] == "resources"
	some i, resource in list
	is_object(resource)
}

# Summaries of a security scan.
scan_outputs[[i, "outcome", "outputVariables"]] := part.outcome.outputVariables if {
	some i, part in input
	part.name == "output"
	is_object(part.outcome.outputVariables)
}

# Findings of a security scan.
scan_issues[[i, "outcome", "issues", j]] := issue if {
	some i, part in input
	part.name == "securityTestData"
	some j, issue in part.outcome.issues
	is_object(issue)
}
