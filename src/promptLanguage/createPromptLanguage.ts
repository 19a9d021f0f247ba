import { CodeActions } from './codeActions.ts';
import { Diagnostics } from './diagnostics.ts';
import { Documents } from './documents.ts';
import type { PromptLanguage } from './promptLanguage.ts';
import type { PromptWorkspace } from './workspace.ts';

/** What a language service is made of. */
export interface PromptLanguageInput {
  readonly workspace: PromptWorkspace;
  /** Address of the folder that holds our pages; without one no finding leads to the page that explains it. */
  readonly pages?: string;
}

/** Makes the language service: every feature by hand, in the order in which they need each other. */
export function createPromptLanguage({ workspace, pages }: PromptLanguageInput): Pick<PromptLanguage, 'diagnostics' | 'projectDiagnostics' | 'codeActions'> {
  const documents = new Documents(workspace);
  const { project } = workspace;
  const diagnostics = new Diagnostics({ documents, ...(project === undefined ? {} : { project }), ...(pages === undefined ? {} : { pages }) });
  const codeActions = new CodeActions(documents);
  return Object.freeze({
    diagnostics: uri => diagnostics.of(uri),
    projectDiagnostics: (uri, signal) => diagnostics.ofProject(uri, signal),
    codeActions: (uri, range, found) => codeActions.at(uri, range, found),
  } satisfies Partial<PromptLanguage>);
}
