"""Parse, check, format, evaluate and test Rego in a separate, limited process.

Drafts never reach the engine that decides. Every call here is one short-lived `opa` with an empty
environment, 2 s of processor time, 512 MB of memory, 16 MB of answer and a limit on the clock; a
hostile draft gives "did not finish in 2 s" and nobody else notices.
"""

from governance.engines.limited import Limits as Limits
from governance.engines.opa_cli.deciding import ask as ask
from governance.engines.opa_cli.deciding import evaluate as evaluate
from governance.engines.opa_cli.deciding import evaluate_reaching as evaluate_reaching
from governance.engines.opa_cli.deciding import evaluate_rule as evaluate_rule
from governance.engines.opa_cli.deciding import message_of as message_of
from governance.engines.opa_cli.measuring import TestRun as TestRun
from governance.engines.opa_cli.measuring import evaluation_ms as evaluation_ms
from governance.engines.opa_cli.measuring import run_tests as run_tests
from governance.engines.opa_cli.measuring import slowest_line as slowest_line
from governance.engines.opa_cli.modules import check as check
from governance.engines.opa_cli.modules import failing as failing
from governance.engines.opa_cli.modules import fmt as fmt
from governance.engines.opa_cli.modules import modernise as modernise
from governance.engines.opa_cli.modules import package_of as package_of
from governance.engines.opa_cli.modules import parse as parse
from governance.engines.opa_cli.modules import reference as reference
from governance.engines.opa_cli.process import BULK as BULK
from governance.engines.opa_cli.process import DRAFT as DRAFT
from governance.engines.opa_cli.process import DidNotFinish as DidNotFinish
from governance.engines.opa_cli.process import OpaFailed as OpaFailed
