package starter_git_connectors_use_https_test

import data.starter_git_connectors_use_https as policy

# breaks: the URL of the connector does not start with "http://", whatever the capitals
test_01_deny if {
	count(policy.deny) > 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Github", "spec": {"url": "http://1"}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the connector is one of "Github", "Gitlab", "Bitbucket" or "Git" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Gitlab", "spec": {"url": "http://1"}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the connector is one of "Github", "Gitlab", "Bitbucket" or "Git" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Bitbucket", "spec": {"url": "http://1"}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the connector is one of "Github", "Gitlab", "Bitbucket" or "Git" (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Git", "spec": {"url": "http://1"}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_05_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example"}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the URL of the connector does not start with "http://", whatever the capitals
test_06_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Github", "spec": {"url": "xhttp://x"}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the URL of the connector does not start with "http://", whatever the capitals (2)
test_07_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Github", "spec": {"url": "other"}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the URL of the connector does not start with "http://", whatever the capitals (3)
test_08_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Github", "spec": {"url": ""}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the URL of the connector does not start with "http://", whatever the capitals (4)
test_09_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Github", "spec": {"url": "Other-1"}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the URL of the connector does not start with "http://", whatever the capitals (5)
test_10_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Github", "spec": {}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is one of "Github", "Gitlab", "Bitbucket" or "Git"
test_11_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"url": "http://1"}, "type": "xGithubx"}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is one of "Github", "Gitlab", "Bitbucket" or "Git" (2)
test_12_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"url": "http://1"}, "type": "gITHUB"}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is one of "Github", "Gitlab", "Bitbucket" or "Git" (3)
test_13_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"url": "http://1"}, "type": "xGitlabx"}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is one of "Github", "Gitlab", "Bitbucket" or "Git" (4)
test_14_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"url": "http://1"}, "type": "gITLAB"}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is one of "Github", "Gitlab", "Bitbucket" or "Git" (5)
test_15_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"url": "http://1"}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
