// Rego for CodeMirror: enough of a tokenizer to colour it; what it means is OPA's to say.
import { StreamLanguage } from "@codemirror/language";

const words = new Set(["package", "import", "as", "default", "if", "in", "every", "some", "not", "with", "else", "contains"]);
const atoms = new Set(["true", "false", "null"]);

export const rego = () => StreamLanguage.define({
  name: "rego",
  startState: () => ({ raw: false }),
  token(stream, state) {
    if (state.raw) {
      if (!stream.skipTo("`")) stream.skipToEnd();
      else { stream.next(); state.raw = false; }
      return "string";
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return "comment";
    if (stream.match(/^"(?:\\.|[^"\\])*"?/)) return "string";
    if (stream.eat("`")) { state.raw = true; return "string"; }
    if (stream.match(/^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/)) return "number";
    if (stream.match(/^[A-Za-z_]\w*/)) {
      const word = stream.current();
      if (words.has(word)) return "keyword";
      if (atoms.has(word)) return "atom";
      if (word === "input" || word === "data") return "variableName.special";
      return stream.match(/^(?:\.\w+)*\(/, false) ? "variableName.function" : "variableName";
    }
    stream.next();
    return "operator";
  },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"', "`"] } },
});
