"""Words of noun and verb phrases: what stands between things and their values."""

from __future__ import annotations

PRODUCTION = "production|prod"
QUANTIFIERS = "even one|even single|either|new|existing|one of|any one of|at least one of|some of|each of|each one of|every one of|every single|every|each|all of|all|any of|any|both|some|whichever|whatever|those|these|such|another|other|remaining|further"
SEVERITIES = {"critical": "CRITICAL", "high": "HIGH", "medium": "MEDIUM", "low": "LOW",
              "info": "INFO", "informational": "INFO", "moderate": "MEDIUM"}  # fmt: skip
FINDINGS = "finding|vulnerability|vuln|issue|security issue|security finding|result|one|cve|problem|hit|alert"
PERSONAL = "it|they|them|those|these|the one|one|this|the same"
CLASSIFYING = {"type", "childtype", "provisioner", "apikeytype", "status", "severitycode", "reachability",
                "level", "base_severity", "package_manager", "ownertype", "os", "arch"}  # fmt: skip
ALONE = {"Gitleaks", "Semgrep", "Sonarqube", "Checkmarx", "CodeQL", "Bandit", "Snyk", "Grype", "AquaTrivy",
          "Checkov", "Brakeman", "Zap", "Owasp"}  # fmt: skip
SQL = {"drop", "truncate", "delete", "update", "alter", "grant", "insert", "create", "select", "revoke",
        "rename", "merge"}  # fmt: skip
SQL_OBJECTS = {"table", "column", "index", "database", "schema", "view", "user", "constraint", "function",
                "procedure", "trigger", "role", "sequence"}  # fmt: skip
AFTER_NAME = {
    "below",
    "under",
    "older",
    "be",
    "before",
    "must",
    "may",
    "less",
    "in",
    "at",
    "above",
    "newer",
    "have",
    "can",
    "should",
}
COMMON = {"security", "software", "source", "open", "team", "company", "anything", "everything", "code"}
HAVE = (
    "have|contain|include|carry|name|hold|receive|get|feature|come with|define|declare|specify|set|provide|list|state|give|possess"
    "|need|require|need to have|have to have|be give|be equip with|report|show|must have|have in it|be accompany by"
    "|be create with|be set up with|be provide with|be save with|be define with|be make with|be fill in|fill in|fill out|supply"
    "|turn up|mention|find|yield|detect|discover|reveal|produce|return|bring up|uncover|surface|carry along|be tag with|come along with"
    "|make use of|use|run|take|pin|fix|reference|call|ship|ship with|consist of|bring|involve|have somewhere|execute|go through|want"
    "|have following|fulfil following|fulfil all of following|meet following|meet all of following|satisfy following"
    "|satisfy all of following|have all of following|contain following|need following|come with following"
)
EXTENDS = (
    "that include|this include|that go for|this go for|that apply to|this apply to|that hold for|that cover|this cover"
    "|that count|that mean|it include|it apply to"
)
LACK = "be free of|be free from|lack|miss|omit|be without|do without|leave out|come without|go without"
INSIDE = (
    "in|on|inside|within|of|from|for|inside of|belong to|define on|define in|that belong to|that be define on"
    "|on level of|contained in|at|as part of|which be part of|part of|to|under|attach to|declare in|declare on"
    "|use in|use by|be define on|set on|against|that be in|kept in|when it be part of|among"
)
ORDERS = (
    ("in an earlier stage|in earlier stage|in a previous stage|in a stage before|in stage before it|in a stage before it"
     "|in one of earlier stage|in any earlier stage|in a prior stage", "stage_before"),
    ("in a later stage|in later stage|in a following stage|in a subsequent stage|in one of later stage", "stage_after"),
    ("directly before it|right before it|immediately before it|directly in front of it|right in front of it"
     "|in stage directly before it", "directly_before"),
    ("earlier|before it|before that|beforehand|before them|in front of it|first|before this", "before"),
    ("directly after it|right after it|immediately after it|right after|directly behind it", "directly_after"),
    ("later|after it|afterwards|after that|afterward|behind it|after them", "after"),
    ("in same stage|within same stage", "same_stage"),
    ("in an earlier step|in earlier step|in a previous step|in previous step|in a step before it", "before"),
    ("in a later step|in later step|in a following step|in following step|in a subsequent step|in a step after it", "after"),
)  # fmt: skip
_STARTING = [
    f"{who} {does}{what}"
    for who in ("person who", "person that", "user who", "user that", "one who", "somebody who", "someone who",
                "anyone who", "anybody who", "people who", "whoever")
    for does in ("start", "run", "trigger", "launch", "execute", "kick off")
    for what in (" pipeline", " it", " run", " pipeline run", " deployment", " execution")
]  # fmt: skip
EXECUTOR = (
    "executor|pipeline executor|initiator|initiator of pipeline|initiator of run|executor of it|executor of pipeline"
    "|executor of run|person behind run|" + "|".join(_STARTING)
)
GENERIC_VERBS = ("use", "have", "be", "take", "run", "allow", "deploy", "target", "carry", "track", "follow")
SAYING = {"be", "start", "begin", "end", "contain", "include", "match", "equal", "look", "exceed", "have"}
PLACES = (
    "namespace",
    "clusteridentifier",
    "git_ignore",
    "branch",
    "revision",
    "region",
    "project",
    "host",
    "shell",
)
# step types that are ordinary words: alone they name no step
WORDS_TOO = {
    "Run", "Test", "Wait", "Queue", "Command", "Verify", "Policy", "Action", "Container", "Plugin", "Background", "Chaos",
    "Barrier", "Aqua", "Burp", "Mend", "Anchore",
}  # fmt: skip
# kinds of documents that runs produce; such a document stops the run it comes from
RESULTS = ("securityTests", "sbom", "firewall", "terraformPlan", "terraformPlanCost", "terraformState")
