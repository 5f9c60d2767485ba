package starter_no_dropping_in_databases_test

import data.starter_no_dropping_in_databases as policy

# breaks: the statement does not match "drop\s+(table|column|database|schema)", whatever the capitals
test_01_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "sqlStatements": ["drop table"]}
}

# breaks: the statement does not match "drop\s+(table|column|database|schema)", whatever the capitals (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "sqlStatements": ["drop  table"]}
}

# breaks: the statement does not match "drop\s+(table|column|database|schema)", whatever the capitals (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "sqlStatements": ["drop     table"]}
}

# nothing the rule speaks about
test_04_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the statement does not match "drop\s+(table|column|database|schema)", whatever the capitals
test_05_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "sqlStatements": ["drop     tabl"]}
}

# keeps: the statement does not match "drop\s+(table|column|database|schema)", whatever the capitals (2)
test_06_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "sqlStatements": ["drop  tabl"]}
}

# keeps: the statement does not match "drop\s+(table|column|database|schema)", whatever the capitals (3)
test_07_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "sqlStatements": ["drop tabl"]}
}

# keeps: the statement does not match "drop\s+(table|column|database|schema)", whatever the capitals (4)
test_08_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "sqlStatements": ["other"]}
}

# keeps: the statement does not match "drop\s+(table|column|database|schema)", whatever the capitals (5)
test_09_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "sqlStatements": [null]}
}

# breaks: the statement does not match "drop\s+(table|column|database|schema)", whatever the capitals (4) (decided by another part)
test_10_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "dbSql", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "sqlStatements": [{}]}
}
