"""Hand-written Rego in English: what each rule says, as far as its syntax tree tells, tied to its lines."""

from governance.authoring.explaining.modules import explain_rego
from governance.authoring.explaining.sentence import Sentence

__all__ = ["Sentence", "explain_rego"]
