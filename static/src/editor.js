// CodeMirror in place of a textarea; the textarea stays the form's field and is the fallback without JavaScript.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, indentOnInput } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";

const languages = { yaml, json };

// CodeMirror adds style elements, which the page's policy only lets in with the nonce of this answer.
function nonce() {
  return document.querySelector("meta[name=csp-nonce]")?.content ?? "";
}

export function mountEditor(area) {
  area.dataset.editorMounted = "";
  const language = languages[area.dataset.editor];
  const view = new EditorView({
    parent: area.parentElement,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        EditorView.cspNonce.of(nonce()),
        EditorView.contentAttributes.of({ "aria-label": area.getAttribute("aria-label") ?? area.name }),
        EditorState.readOnly.of(area.readOnly),
        lineNumbers(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(),
        language ? language() : [],
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) area.value = update.state.doc.toString();
        }),
      ],
    }),
  });
  area.hidden = true;
  return view;
}
