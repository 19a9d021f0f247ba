// The server of the prompt language: wiring and nothing else. What it knows is the library `promptLanguage`; here it is put on a connection.
import process from 'node:process';
import { createConnection, DidChangeWatchedFilesNotification, ProposedFeatures, TextDocuments, TextDocumentSyncKind, type InitializeResult } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createPromptFolders } from '../adapters/files/promptFolders.ts';
import { createPromptLanguage } from '../promptLanguage/createPromptLanguage.ts';
import { answering } from './answer.ts';
import { DiagnosticsPush } from './diagnosticsPush.ts';
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
const diagnostics = new DiagnosticsPush({ connection, documents, language, failed });
let watches = false;
/** A folder that comes or goes is told of without what is in it. */
const watched = ['**/.regenesis', '**/.regenesis/prompts', '**/.regenesis/prompts/**', '**/*.{rgprompt,rgrecipe.yaml}'];

connection.onInitialize(({ capabilities }): InitializeResult => {
  watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  return {
    serverInfo: { name: 'ReGenesis prompt language', version: app },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      completionProvider: { triggerCharacters: ['{', '%', '.', '|', '"', '/', ' ', ':'] },
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      documentFormattingProvider: true,
      codeActionProvider: true,
      codeLensProvider: {},
    },
  };
});
connection.onInitialized(() => {
  connection.console.info(`The prompt language is served by process ${process.pid}, Node ${process.version}.`);
  if (watches) void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: watched.map(globPattern => ({ globPattern })) }).catch(failed);
});

documents.onDidChangeContent(({ document }) => {
  folders.lay(document.uri, document.getText());
  diagnostics.changed(document.uri);
});
documents.onDidClose(({ document }) => {
  folders.lay(document.uri, undefined);
  diagnostics.closed(document.uri);
});
connection.onDidChangeWatchedFiles(() => {
  folders.forget();
  diagnostics.all();
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
