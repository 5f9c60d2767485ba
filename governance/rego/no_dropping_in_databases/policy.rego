# Database changes drop nothing
package starter_no_dropping_in_databases

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the SQL statements (statement): it must hold that the statement does not match
# "drop\s+(table|column|database|schema)", whatever the capitals.
violations contains violation if {
	some statement_key, statement in input.sqlStatements
	lib.matches(statement, {`(?i)drop\s+(table|column|database|schema)`})
	violation := {
		"code": "drop",
		"fix": "Rename first, and remove it in a reviewed change.",
		"msg": sprintf("The statement drops data: %v", [lib.label(statement)]),
		"path": lib.path_text(["sqlStatements", statement_key]),
	}
}
