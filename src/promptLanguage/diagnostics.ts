import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';
import type { PromptProblem, PromptProblemCode } from '../core/prompts/problem.ts';
import { splitPrompt } from '../core/prompts/frontMatter.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { Findings, type Finding } from './findings.ts';
import type { ProjectFacts } from './workspace.ts';

/** Who says so, in an editor's list of problems. */
export const diagnosticSource = 'regenesis';

/** What a quick fix is told beside the place and the code. */
export interface DiagnosticData {
  /** As of `PromptProblem`. */
  readonly wanted?: string;
}

/** The page that explains a code, below the folder of our pages, with the place on it. */
export function pageOf(code: PromptProblemCode): string {
  const page = /^(?:recipe|guideline)\./.test(code) ? 'recipes' : 'prompt-language';
  return `${page}.md#${code.replace('.', '')}`;
}

/** What diagnostics are made with. */
export interface DiagnosticsInput {
  readonly documents: Documents;
  readonly project?: ProjectFacts;
  /** Address of the folder that holds our pages; without one no finding leads to its page. */
  readonly pages?: string;
}

/** Findings as an editor shows them. */
export class Diagnostics {
  readonly #input: DiagnosticsInput;
  readonly #findings = new Findings();

  constructor(input: DiagnosticsInput) {
    this.#input = input;
  }

  /** Everything that is wrong with a file as it stands; nothing for a file that is none of the language. */
  of(uri: string): readonly Diagnostic[] {
    const document = this.#input.documents.get(uri);
    return document ? this.#findings.of(document).map(finding => this.#diagnostic(document, finding)) : [];
  }

  /** What only the project knows. */
  async ofProject(uri: string, signal: AbortSignal): Promise<readonly Diagnostic[]> {
    const document = this.#input.documents.get(uri);
    const budget = document?.kind === 'prompt' ? await this.#input.project?.budget(uri, signal) : undefined;
    if (!document || !budget || budget.tokens <= budget.limit || signal.aborted) return [];
    const { tokens, limit, estimated } = budget;
    const message = `For the longest task this prompt has ${estimated ? 'about ' : ''}${tokens.toLocaleString('en')} tokens${estimated ? ' by our own estimate' : ''}, and beside the answer there is room for ${limit.toLocaleString('en')}.`;
    return [this.#diagnostic(document, document.source.warning(splitPrompt(document.source).stageRange, 'budget.too-long', message))];
  }

  #diagnostic({ folder }: PromptDocument, finding: Finding): Diagnostic {
    const { code, severity, message, because, wanted } = finding;
    const { pages } = this.#input;
    return {
      range: rangeOf(finding),
      severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
      code, source: diagnosticSource, message,
      ...(pages === undefined ? {} : { codeDescription: { href: `${pages.replace(/\/$/, '')}/${pageOf(code)}` } }),
      ...(wanted === undefined ? {} : { data: { wanted } satisfies DiagnosticData }),
      ...(because === undefined ? {} : { relatedInformation: [{ location: { uri: folder.uriOf(because.file), range: rangeOf(because) }, message: because.message }] }),
    };
  }
}

const rangeOf = ({ line, column, endLine, endColumn }: PromptProblem): Diagnostic['range'] =>
  ({ start: { line: line - 1, character: column - 1 }, end: { line: endLine - 1, character: endColumn - 1 } });
