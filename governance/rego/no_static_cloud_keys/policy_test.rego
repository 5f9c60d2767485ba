package starter_no_static_cloud_keys_test

import data.starter_no_static_cloud_keys as policy

# breaks: the credential type of the connector is not "ManualConfig"
test_01_deny if {
	count(policy.deny) > 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Aws", "spec": {"credential": {"type": "ManualConfig"}}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example"}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the credential type of the connector is not "ManualConfig"
test_03_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Aws", "spec": {"credential": {"type": "xManualConfigx"}}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the credential type of the connector is not "ManualConfig" (2)
test_04_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Aws", "spec": {"credential": {"type": "mANUALcONFIG"}}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the credential type of the connector is not "ManualConfig" (3)
test_05_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Aws", "spec": {"credential": {"type": "other"}}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the credential type of the connector is not "ManualConfig" (4)
test_06_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Aws", "spec": {"credential": {"type": ""}}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the credential type of the connector is not "ManualConfig" (5)
test_07_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "type": "Aws", "spec": {"credential": {}}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is "Aws"
test_08_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"credential": {"type": "ManualConfig"}}, "type": "xAwsx"}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is "Aws" (2)
test_09_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"credential": {"type": "ManualConfig"}}, "type": "aWS"}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is "Aws" (3)
test_10_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"credential": {"type": "ManualConfig"}}, "type": "other"}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is "Aws" (4)
test_11_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"credential": {"type": "ManualConfig"}}, "type": ""}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the connector is "Aws" (5)
test_12_allow if {
	count(policy.deny) == 0 with input as {"entity": {"identifier": "example", "name": "example", "spec": {"credential": {"type": "ManualConfig"}}}, "metadata": {"type": "connector", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
