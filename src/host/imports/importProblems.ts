import * as vscode from 'vscode';
import { refusalReason, thousands } from '../../client/words.ts';
import { oneLine, sentence } from '../words.ts';

/** What was refused of one file. `line`: from 1. */
interface RefusedRows {
  readonly path: string;
  readonly refused: readonly { readonly line: number; readonly field?: string | undefined; readonly code: string; readonly message: string }[];
}
type Refused = RefusedRows['refused'];

/** The editor shows no more of one file. */
const mostShown = 1_000;

/** Rows that an import refused, in the Problems panel at their file and line, until the file is imported again or somebody clears them. */
export class ImportProblems implements vscode.Disposable {
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('ReGenesis import');

  /** Shows what was refused of each file in place of what was shown of it. */
  show({ files }: { readonly files: readonly RefusedRows[] }): void {
    for (const { path, refused } of files) this.#diagnostics.set(vscode.Uri.file(path), diagnosticsOf(refused));
  }

  clear(): void {
    this.#diagnostics.clear();
  }

  dispose(): void {
    this.#diagnostics.dispose();
  }
}

function diagnosticsOf(refused: Refused): readonly vscode.Diagnostic[] {
  const shown = refused.length > mostShown ? refused.slice(0, mostShown - 1) : refused;
  const diagnostics = shown.map(refusal => diagnostic(refusal.line, sentence(oneLine(refusalReason(refusal))), refusal.code));
  const [next] = refused.slice(shown.length);
  return next ? [...diagnostics, diagnostic(next.line, `${thousands(refused.length - shown.length)} more rows from here on were refused.`, next.code)] : diagnostics;
}

function diagnostic(line: number, message: string, code: string): vscode.Diagnostic {
  const at = Math.max(0, line - 1);
  const made = new vscode.Diagnostic(new vscode.Range(at, 0, at, Number.MAX_SAFE_INTEGER), message, vscode.DiagnosticSeverity.Warning);
  made.source = 'ReGenesis import';
  made.code = code;
  return made;
}
