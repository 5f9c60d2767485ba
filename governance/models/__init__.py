"""Tables of the rules. Imported only inside `governance`; other apps hold the values it exports."""

from governance.models.access import (
    Epoch,
    GivenRight,
    Role,
    RoleBinding,
    RolePermission,
    Scope,
    ScopeSetting,
    User,
    UserGroup,
)
from governance.models.decisions import (
    Bundle,
    Evaluation,
    EvaluationInput,
    GateState,
    Heartbeat,
    Idempotency,
    Proposal,
    SidecarReport,
)
from governance.models.exams import Exam, ExamMark, ExamPaper
from governance.models.exemptions import Exemption
from governance.models.policies import (
    Policy,
    PolicyApproval,
    PolicyComment,
    PolicyGroupGrant,
    PolicyReport,
    PolicySet,
    PolicySetMember,
    PolicyUserGrant,
    PolicyVersion,
)
from governance.models.replays import Replay, ReplayRow
from governance.models.set_requests import SetRequest
from governance.models.standings import Standing, Sweep

__all__ = [
    "Bundle",
    "Epoch",
    "Evaluation",
    "EvaluationInput",
    "Exam",
    "ExamMark",
    "ExamPaper",
    "Exemption",
    "GateState",
    "GivenRight",
    "Heartbeat",
    "Idempotency",
    "Policy",
    "PolicyApproval",
    "PolicyComment",
    "PolicyGroupGrant",
    "PolicyReport",
    "PolicySet",
    "PolicySetMember",
    "PolicyUserGrant",
    "PolicyVersion",
    "Proposal",
    "Replay",
    "ReplayRow",
    "Role",
    "RoleBinding",
    "RolePermission",
    "Scope",
    "ScopeSetting",
    "SetRequest",
    "SidecarReport",
    "Standing",
    "Sweep",
    "User",
    "UserGroup",
]
