package starter_secret_variables_are_secrets_test

import data.starter_secret_variables_are_secrets as policy

# breaks: the type of the variable is "Secret"
test_01_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "apasswordb", "type": "xSecretx"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the type of the variable is "Secret" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "apasswordb", "type": "sECRET"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the type of the variable is "Secret" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "apasswordb", "type": "other"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the type of the variable is "Secret" (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "apasswordb", "type": ""}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the type of the variable is "Secret" (5)
test_05_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "apasswordb"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (2)
test_06_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "asecretb", "type": "xSecretx"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (3)
test_07_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "asecretb", "type": "sECRET"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (4)
test_08_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "asecretb", "type": "other"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (5)
test_09_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "asecretb", "type": ""}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (6)
test_10_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "asecretb"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (7)
test_11_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "atokenb", "type": "xSecretx"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (8)
test_12_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "atokenb", "type": "sECRET"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (9)
test_13_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "atokenb", "type": "other"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (10)
test_14_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "atokenb", "type": ""}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the name of the variable contains "password", "secret" or "token", whatever the capitals (11)
test_15_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "atokenb"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_16_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the variable is "Secret"
test_17_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"name": "apasswordb", "type": "Secret"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the name of the variable contains "password", "secret" or "token", whatever the capitals
test_18_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"type": "xSecretx", "name": "passwor"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the name of the variable contains "password", "secret" or "token", whatever the capitals (2)
test_19_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"type": "xSecretx", "name": "secre"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the name of the variable contains "password", "secret" or "token", whatever the capitals (3)
test_20_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"type": "xSecretx", "name": "toke"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the name of the variable contains "password", "secret" or "token", whatever the capitals (4)
test_21_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"type": "xSecretx", "name": "other"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the name of the variable contains "password", "secret" or "token", whatever the capitals (5)
test_22_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "variables": [{"type": "xSecretx"}]}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
