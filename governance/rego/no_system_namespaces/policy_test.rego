package starter_no_system_namespaces_test

import data.starter_no_system_namespaces as policy

# breaks: the namespace of the infrastructure definition is not "default" and the namespace of the infrastructure definition does not start with "kube-"
test_01_deny if {
	count(policy.deny) > 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "spec": {"namespace": "default"}}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the namespace of the infrastructure definition is not "default" and the namespace of the infrastructure definition does not start with "kube-" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "spec": {"namespace": "kube-1"}}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_03_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the namespace of the infrastructure definition is not "default" and the namespace of the infrastructure definition does not start with "kube-"
test_04_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "spec": {"namespace": "xdefaultx"}}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the namespace of the infrastructure definition is not "default" and the namespace of the infrastructure definition does not start with "kube-" (2)
test_05_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "spec": {"namespace": "DEFAULT"}}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the namespace of the infrastructure definition is not "default" and the namespace of the infrastructure definition does not start with "kube-" (3)
test_06_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "spec": {"namespace": "other"}}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the namespace of the infrastructure definition is not "default" and the namespace of the infrastructure definition does not start with "kube-" (4)
test_07_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "spec": {"namespace": ""}}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the namespace of the infrastructure definition is not "default" and the namespace of the infrastructure definition does not start with "kube-" (5)
test_08_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "spec": {"namespace": "xkube-x"}}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the namespace of the infrastructure definition is not "default" and the namespace of the infrastructure definition does not start with "kube-" (6)
test_09_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "spec": {"namespace": "KUBE-"}}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the namespace of the infrastructure definition is not "default" and the namespace of the infrastructure definition does not start with "kube-" (9)
test_10_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "spec": {}}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
