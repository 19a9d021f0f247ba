// The server of the prompt language: wiring and nothing else. What it knows is the library `promptLanguage`; here it is put on a connection.
import process from 'node:process';
import { createConnection, DidChangeWatchedFilesNotification, ProposedFeatures, TextDocuments, TextDocumentSyncKind, type InitializeResult } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import * as z from 'zod/mini';
import { createPromptFolders } from '../adapters/files/promptFolders.ts';
import { editorSchema, projectChanged } from '../contract/promptLanguage.ts';
import { createPromptLanguage } from '../promptLanguage/createPromptLanguage.ts';
import { answering } from './answer.ts';
import { DiagnosticsPush } from './diagnosticsPush.ts';
import { LensRefresh } from './lensRefresh.ts';
import { projectFactsOver } from './projectFacts.ts';

/** Put in by the build. */
declare const APP_VERSION: string | undefined;
const app = typeof APP_VERSION === 'undefined' ? 'source' : APP_VERSION;

const connection = createConnection(ProposedFeatures.all);
const failed = (thrown: unknown): void => { connection.console.error(thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown)); };
// whatever a file may hold, the next key is answered
process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);

const documents = new TextDocuments(TextDocument);
/** Where the pages lie that findings lead to: beside dist/, in a package too. */
const pages = new URL('../docs', import.meta.url).href;
const folders = createPromptFolders();
const language = createPromptLanguage({ workspace: { placeOf: folders.placeOf, project: projectFactsOver(connection) }, pages });
const diagnostics = new DiagnosticsPush({ connection, documents, language, failed, unreadable: uri => folders.unreadable(uri) });
let watches = false;
let lenses: LensRefresh | undefined;
/** A folder that comes or goes is told of without what is in it. */
const watched = ['**/.regenesis', '**/.regenesis/prompts', '**/.regenesis/prompts/**', '**/*.{rgprompt,rgrecipe.yaml}', '**/guidelines/*.yaml'];

connection.onInitialize(({ capabilities, initializationOptions }): InitializeResult => {
  const hasCommands = z.safeParse(editorSchema, initializationOptions).data?.commands === true;
  watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  if (hasCommands && capabilities.workspace?.codeLens?.refreshSupport === true) lenses = new LensRefresh(connection, failed);
  return {
    serverInfo: { name: 'ReGenesis prompt language', version: app },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      completionProvider: { triggerCharacters: ['{', '%', '.', '|', '"', '/', ' ', ':'] },
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      documentFormattingProvider: true,
      codeActionProvider: true,
      ...(hasCommands ? { codeLensProvider: {} } : {}),
    },
  };
});
connection.onInitialized(() => {
  connection.console.info(`The prompt language is served by process ${process.pid}, Node ${process.version}.`);
  if (watches) void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: watched.map(globPattern => ({ globPattern })) }).catch(failed);
});

/** Something on the disk is another. */
function onDisk(): void {
  folders.forget();
  diagnostics.all();
  lenses?.soon();
}
documents.onDidChangeContent(({ document }) => {
  folders.lay(document.uri, document.getText());
  diagnostics.changed(document.uri);
  if (documents.keys().length > 1) lenses?.soon(); // its own are asked for with its text
});
documents.onDidSave(() => { if (!watches) onDisk(); });
documents.onDidClose(({ document }) => {
  folders.lay(document.uri, undefined);
  diagnostics.closed(document.uri);
  lenses?.soon();
});
connection.onDidChangeWatchedFiles(onDisk);
connection.onNotification(projectChanged, () => {
  diagnostics.projectChanged();
  lenses?.soon();
});

connection.onCompletion(answering(({ textDocument: { uri }, position }) => [...language.completion(uri, position)]));
connection.onHover(answering(async ({ textDocument: { uri }, position }, signal) => await language.hover(uri, position, signal) ?? null));
connection.onDefinition(answering(({ textDocument: { uri }, position }) => [...language.definition(uri, position)]));
connection.onReferences(answering(({ textDocument: { uri }, position, context }) => [...language.references(uri, position, context.includeDeclaration)]));
connection.onPrepareRename(answering(({ textDocument: { uri }, position }) => language.prepareRename(uri, position) ?? null));
connection.onRenameRequest(answering(({ textDocument: { uri }, position, newName }) => language.rename(uri, position, newName)));
connection.onDocumentSymbol(answering(({ textDocument: { uri } }) => [...language.documentSymbols(uri)]));
connection.onFoldingRanges(answering(({ textDocument: { uri } }) => [...language.foldingRanges(uri)]));
connection.onDocumentFormatting(answering(({ textDocument: { uri } }) => [...language.format(uri)]));
connection.onCodeAction(answering(({ textDocument: { uri }, range, context }) => [...language.codeActions(uri, range, context.diagnostics)]));
connection.onCodeLens(answering(async ({ textDocument: { uri } }, signal) => [...await language.codeLenses(uri, signal)]));

documents.listen(connection);
connection.listen();
