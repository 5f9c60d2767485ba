// CodeMirror in place of a textarea; the textarea stays the form's field and is the fallback without JavaScript.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, WidgetType, drawSelection, gutter, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { rego } from "./rego.js";

const languages = { yaml, json, rego };

// Colours are classes of our own stylesheet, so that both themes and the contrast checks apply.
const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.special(tags.variableName)], class: "k" },
  { tag: [tags.string, tags.content, tags.special(tags.string)], class: "s" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: "n" },
  { tag: [tags.keyword, tags.meta], class: "w" },
  { tag: tags.comment, class: "c" },
  { tag: tags.function(tags.variableName), class: "f" },
]);

// CodeMirror adds style elements, which the page's policy only lets in with the nonce of this answer.
function nonce() {
  return document.querySelector("meta[name=csp-nonce]")?.content ?? "";
}

const kinds = { error: ["cm-err", "", "shut"], invalid: ["cm-inv", "diag-inv", "braces"], warning: ["cm-warn", "diag-warn", "warn"], info: ["cm-hi", "diag-info", "info"] };

class Said extends WidgetType {
  constructor(finding) {
    super();
    this.finding = finding;
  }
  eq(other) {
    return other.finding.message === this.finding.message && other.finding.title === this.finding.title;
  }
  toDOM() {
    const [, look] = kinds[this.finding.severity] ?? kinds.info;
    const box = document.createElement("div");
    box.className = `diag ${look}`;
    box.id = `L${this.finding.line}`;
    const title = document.createElement("b");
    title.textContent = this.finding.title;
    box.append(title, ` ${this.finding.message}`);
    return box;
  }
}

const setFindings = StateEffect.define();

function decorate(doc, findings) {
  const marks = [];
  for (const finding of findings) {
    if (!finding.line || finding.line > doc.lines) continue;
    const line = doc.line(finding.line);
    marks.push(Decoration.line({ class: (kinds[finding.severity] ?? kinds.info)[0] }).range(line.from));
    marks.push(Decoration.widget({ widget: new Said(finding), block: true, side: 1 }).range(line.to));
  }
  return Decoration.set(marks, true);
}

const findingsField = StateField.define({
  create: () => ({ list: [], marks: Decoration.none }),
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setFindings)) return { list: effect.value, marks: decorate(transaction.state.doc, effect.value) };
    }
    return transaction.docChanged ? { list: value.list, marks: value.marks.map(transaction.changes) } : value;
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.marks),
});

// Lines that examples reach, and those that none does. A change of the text makes them old, so they go.
const setCover = StateEffect.define();
const coverField = StateField.define({
  create: () => new Map(),
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setCover)) return effect.value;
    return transaction.docChanged ? new Map() : value;
  },
});

class Cover extends GutterMarker {
  constructor(reached) {
    super();
    this.reached = reached;
  }
  eq(other) {
    return other.reached === this.reached;
  }
  toDOM() {
    const mark = document.createElement("span");
    mark.className = this.reached ? "cover-yes" : "cover-no";
    mark.title = this.reached ? "An example reaches this line" : "No example reaches this line";
    mark.textContent = this.reached ? "✓" : "○";
    return mark;
  }
}
const covers = { true: new Cover(true), false: new Cover(false) };
const coverGutter = gutter({
  class: "cm-cover",
  lineMarker: (view, block) => covers[view.state.field(coverField).get(view.state.doc.lineAt(block.from).number)] ?? null,
  lineMarkerChange: (update) => update.startState.field(coverField) !== update.state.field(coverField),
});

function readHidden(selector, otherwise) {
  const source = document.querySelector(selector);
  try {
    return source?.textContent.trim() ? JSON.parse(source.textContent) : otherwise;
  } catch {
    return otherwise;
  }
}

const readFindings = () => readHidden("[data-editor-findings]", []);

function readCover() {
  const said = readHidden("[data-editor-cover]", {});
  return new Map([...(said.missed ?? []).map((n) => [n, false]), ...(said.reached ?? []).map((n) => [n, true])]);
}

function goToLine(view, number) {
  const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
  view.focus();
}

// F8 walks the findings: the next line below the cursor that has one, around the end.
function walk(step) {
  return (view) => {
    const lines = [...new Set(view.state.field(findingsField).list.map((f) => f.line).filter(Boolean))].sort((a, b) => a - b);
    if (lines.length === 0) return false;
    const here = view.state.doc.lineAt(view.state.selection.main.head).number;
    const next = step > 0 ? lines.find((n) => n > here) ?? lines[0] : lines.findLast((n) => n < here) ?? lines.at(-1);
    goToLine(view, next);
    return true;
  };
}

function sayPlace(view, place) {
  const at = view.state.selection.main.head;
  const line = view.state.doc.lineAt(at);
  if (place) place.textContent = `Ln ${line.number}, Col ${at - line.from + 1}`;
}

export function mountEditor(area) {
  area.dataset.editorMounted = "";
  const language = languages[area.dataset.editor];
  const place = area.closest(".ed")?.querySelector("[data-editor-place]");
  let typed = 0;
  const view = new EditorView({
    state: EditorState.create({
      doc: area.value,
      extensions: [
        EditorView.cspNonce.of(nonce()),
        EditorView.contentAttributes.of({ "aria-label": area.getAttribute("aria-label") ?? area.name, "aria-multiline": "true", tabindex: "0" }),
        EditorState.readOnly.of(area.readOnly),
        lineNumbers(), language === rego ? [coverField, coverGutter] : [], foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), indentUnit.of("  "),
        highlightActiveLine(), highlightSelectionMatches(),
        language ? language() : [],
        syntaxHighlighting(colours),
        findingsField,
        keymap.of([
          { key: "F8", run: walk(1) }, { key: "Shift-F8", run: walk(-1) },
          { key: "Escape", run: (v) => { v.contentDOM.blur(); return true; } },
          ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...foldKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.selectionSet || update.docChanged) sayPlace(update.view, place);
          if (!update.docChanged) return;
          area.value = update.state.doc.toString();
          clearTimeout(typed);
          typed = setTimeout(() => area.dispatchEvent(new CustomEvent("typed", { bubbles: true })), 400);
        }),
      ],
    }),
  });
  area.after(view.dom);
  area.classList.add("ed-area-off");
  area.tabIndex = -1;
  area.setAttribute("aria-hidden", "true");
  const covered = language === rego;
  const refresh = () => view.dispatch({
    effects: [setFindings.of(readFindings()), ...(covered ? [setCover.of(readCover())] : [])],
  });
  refresh();
  sayPlace(view, place);
  document.addEventListener("htmx:after:swap", refresh);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    goToLine(view, Number(link.dataset.line));
  });
  return view;
}
