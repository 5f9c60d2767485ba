"""Words sentences are made of: forbidding, allowing, acting, modals."""

from __future__ import annotations

FORBID = (
    "freeze|suspend|pause|quarantine|block|deny|forbid|ban|reject|refuse|disallow|prohibit|stop|fail|prevent|do not allow|do not permit|do not accept"
    "|do not let|not allow|never allow|no more|do not use|never use|do not want|do not want to see|never|do not|avoid"
    "|turn down|outlaw|disapprove|veto|do not want to have|keep out|flag|bar|do not tolerate|will not have|halt|abort"
    "|refuse to accept|hold back|do not have|must not have|be not allow|there must be no|there must not be|there may be no"
    "|there should be no|there be no|there can be no|there may not be|there should not be|there can not be|be not ok"
    "|be not okay|complain about|warn about|warn|get rid of|be against|down with|nobody want"
)
FORBIDDEN = (
    "be no longer allow|be no longer permit|be no longer ok|be no longer support|be no longer accept|be freeze|be suspend|be pause"
    "|be halt|be close|be lock down|be forbid|be not allow|be not permit|be ban|be block|be deny|be reject|be prohibit|be not ok|be not okay|be disallow"
    "|be not acceptable|be unacceptable|be out|be out of question|be off limit|be off-limits|be not accept|be refuse"
    "|be bad|be no good|be no go|be no-go|be fail|be violation|be not fine|be not good|be not good either|be no good either"
    "|have to be block|must be block|have to be reject|must be reject|must be deny|should be block|should be reject"
    "|should be deny|must be forbid|must stop pipeline|stop pipeline|must fail|should fail|have to fail|fail"
    "|must not exist|be not to be use|may not exist|must not ship|may not ship|must not come in|may not come in"
    "|must not be use|may not be use|can not be use|should not be use|must not be save|may not be save|can not be save"
    "|be not to be accept|be not welcome|must not be allow|should not be allow|may not be allow|be forbid everywhere"
    "|must not show up|must never show up|may not show up|may never show up|must not appear|may not appear|must never appear"
    "|must not be run|may not be run|can not be run|should not be run|must never be run|must not run|may not run|can not run|must not be start"
    "|may not be start|must not start|may not start|must not be trigger|may not be trigger"
    "|must not be there|must not turn up|must never be there|must not occur|may not occur|be taboo|must be refuse|should be refuse|must never be use|be a fail|be useless|be pointless|make no sense|be not wanted"
    "|be not want|must be stop|be to be block|be to be reject|must not pass|may not pass|should not pass|can not pass"
    "|shall be block|shall be reject|shall not exist|shall not be use|will be block|will be reject|must not be create"
    "|may not be create|must not be edit|may not be edit|may not be change|must not be change|can not be edit"
    "|be not support|be not possible|be not tolerate|must be ban|should be ban|be never allow|be never ok"
    "|be never acceptable|must not be present|must not be there|must not happen|may not happen|should not happen"
)
ALLOWED = (
    "can be ignore|may be ignore|be ignore|be ok|be okay|be fine|be allow|be permit|be acceptable|be accept|be possible|be free|be open to everyone|be exempt"
    "|be not affect|do not matter|be up to team|be unaffected|be good|be no problem|may stay|be out of scope|be welcome"
    "|be what we want|be free to use|can be use|may be use|be use|may be create|be exclude|be not cover|be not concern"
    "|be legal|be tolerate|be all right|be alright|be not subject to this|stay as they be|be leave alone|be irrelevant"
    "|be not relevant|be let through|may pass|pass|be unrestricted|be not restrict|be right|be perfect|be prefer"
)
ACTIONS = (
    "put|place|run|execute|start|trigger|launch|save|create|change|edit|modify|update|add|make|store|write|use|touch|build|keep"
    "|delete|destroy|remove|replace|set up|register|alter|deploy|submit|push|sync|operate|configure|define|have|ship|approve|apply|merge|import"
    "|archive|kill|apply|release|promote|install|pull|download|provision|rename|issue|register|manage|maintain"
)
DONE = (
    "be run|be save|be edit|be change|be modify|be start|be trigger|be execute|be launch|be create|be deploy|be make|be update"
    "|be kill|be archive|be restore|be manage|be administer|be issue|be register|be remove|be add|be rename|be view|be read"
    "|be generate|be apply|be destroy|be rotate|be revoke|be approve|be merge|be publish|be promote|be sync|be save or change"
    "|be delete|be use|be touch|be perform|be do|be kick off|be store|be maintain|be roll out|be carry out"
)
TRIVIAL = (
    "happen|run|be deploy|be run|take place|be start|go out|be use|be save|be create|be deploy to|be change|be make|be edit"
    "|start|be trigger|be execute|deploy|be sync|be roll out|be release|be touch|be modify|be launch|sync|be store|be allow"
    "|be possible|be permit|happen at all|be do|be perform"
)
NOBODY = "nobody|no one|no-one|noone|no user|no person|none of us|not anyone|no developer|nobody at all"
MODALS = (
    "must|have to|should|need to|can|may|will|shall|do|be to|would|could|ought to|might|be allow to|be require to"
    "|be permit to|be suppose to|be expect to|be oblige to"
)
UP_TO_CLAUSE_END = ".;"
NOT_ALLOWED_TO = (
    "be not allow to|be not permit to|be forbid to|be forbid from|be bar from|be ban from|be not authorise to|be never allow to"
    "|have no right to|have no permission to|have no business to|lack permission to|lack right to|be not entitle to|be not suppose to|be not to|be block from|be exclude from"
)
