import { CodeActions } from './codeActions.ts';
import { CodeLenses } from './codeLenses.ts';
import { completionAt } from './completion.ts';
import { Diagnostics } from './diagnostics.ts';
import { Documents, type PromptDocument } from './documents.ts';
import { foldingRanges } from './folding.ts';
import { format } from './format.ts';
import { Hovers } from './hover.ts';
import { Navigation } from './navigation.ts';
import { documentSymbols } from './outline.ts';
import type { PromptLanguage } from './promptLanguage.ts';
import { Renames } from './rename.ts';
import { SymbolIndex } from './symbolIndex.ts';
import type { PromptWorkspace } from './workspace.ts';

/** What a language service is made of. */
export interface PromptLanguageInput {
  readonly workspace: PromptWorkspace;
  /** Address of the folder that holds our pages; without one no finding leads to the page that explains it. */
  readonly pages?: string;
}

/** Makes the language service: every feature by hand, in the order in which they need each other. */
export function createPromptLanguage({ workspace, pages }: PromptLanguageInput): PromptLanguage {
  const documents = new Documents(workspace);
  const { project } = workspace;
  const diagnostics = new Diagnostics({ documents, ...(project === undefined ? {} : { project }), ...(pages === undefined ? {} : { pages }) });
  const codeActions = new CodeActions(documents);
  const index = new SymbolIndex(documents);
  const navigation = new Navigation(documents, index);
  const renames = new Renames(documents, index);
  const hovers = new Hovers(documents, workspace);
  const codeLenses = new CodeLenses(documents, workspace);
  const inDocument = <Result>(uri: string, work: (document: PromptDocument) => readonly Result[]): readonly Result[] => {
    const document = documents.get(uri);
    return document ? work(document) : [];
  };
  return Object.freeze({
    diagnostics: uri => diagnostics.of(uri),
    projectDiagnostics: (uri, signal) => diagnostics.ofProject(uri, signal),
    codeActions: (uri, range, found) => codeActions.at(uri, range, found),
    completion: (uri, position) => completionAt(documents, uri, position),
    hover: (uri, position, signal) => hovers.at(uri, position, signal),
    definition: (uri, position) => navigation.definition(uri, position),
    references: (uri, position, includeDeclaration) => navigation.references(uri, position, includeDeclaration),
    prepareRename: (uri, position) => renames.prepare(uri, position),
    rename: (uri, position, newName) => renames.rename(uri, position, newName),
    documentSymbols: uri => inDocument(uri, documentSymbols),
    foldingRanges: uri => inDocument(uri, foldingRanges),
    format: uri => inDocument(uri, format),
    codeLenses: (uri, signal) => codeLenses.of(uri, signal),
  } satisfies PromptLanguage);
}
