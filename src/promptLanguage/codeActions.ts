import { CodeActionKind, type CodeAction, type Diagnostic, type Range as LspRange } from 'vscode-languageserver-types';
import { promptProblemCodes, type PromptProblemCode, type Range } from '../core/prompts/problem.ts';
import { diagnosticSource, type DiagnosticData } from './diagnostics.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { fixes } from './fixes.ts';

/** A change that mends one finding. */
export interface Fix {
  readonly title: string;
  /** Places that get another text, apart from each other. */
  readonly edits: readonly { readonly range: Range; readonly text: string }[];
}

/** What a fix is made from. */
export interface FixInput {
  readonly document: PromptDocument;
  readonly code: PromptProblemCode;
  /** The place of the finding. */
  readonly range: Range;
  /** What stands there, without the quotes around it. */
  readonly text: string;
  /** The quote that it stands in; empty where it stands in none. */
  readonly quote: string;
  /** As of `PromptProblem`. */
  readonly wanted?: string;
}

/** Quick fixes for findings. */
export class CodeActions {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /** The fixes of those findings that touch a range; none in a file that nobody may change. */
  at(uri: string, range: LspRange, diagnostics: readonly Diagnostic[]): readonly CodeAction[] {
    const document = this.#documents.get(uri);
    if (!document || document.folder.isShipped(document.path)) return [];
    const asked = rangeIn(document, range);
    return diagnostics.flatMap(diagnostic => {
      const input = inputOf(document, diagnostic);
      if (!input || input.range.start > asked.end || input.range.end < asked.start) return [];
      const found = fixes(input);
      return found.map((fix, index) => actionOf(document, fix, { diagnostic, isPreferred: index === 0 && found.length === 1 }));
    });
  }
}

function inputOf(document: PromptDocument, { source, code, range: place, data, relatedInformation }: Diagnostic): FixInput | undefined {
  const known = promptProblemCodes.find(each => each === code);
  // what comes of another file is mended there
  if (source !== diagnosticSource || known === undefined || relatedInformation) return undefined;
  const range = rangeIn(document, place);
  const { wanted } = (data ?? {}) as DiagnosticData;
  const written = document.source.text.slice(range.start, range.end);
  const [, quote = '', text = written] = /^(["'])([^"']*)\1$/.exec(written) ?? [];
  return { document, code: known, range, text, quote, ...(typeof wanted === 'string' ? { wanted } : {}) };
}

const rangeIn = ({ offsetAt }: PromptDocument, { start, end }: LspRange): Range => ({ start: offsetAt(start), end: offsetAt(end) });

function actionOf({ uri, rangeOf }: PromptDocument, { title, edits }: Fix, { diagnostic, isPreferred }: { readonly diagnostic: Diagnostic; readonly isPreferred: boolean }): CodeAction {
  return {
    title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred,
    edit: { changes: { [uri]: edits.map(({ range, text }) => ({ range: rangeOf(range), newText: text })) } },
  };
}
