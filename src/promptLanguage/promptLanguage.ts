import type { CodeAction, CodeLens, CompletionItem, Diagnostic, DocumentSymbol, FoldingRange, Hover, Location, Position, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';

/**
 * What an editor can ask about prompts, partials, recipes and guidelines. Files are named by their addresses; places are lines and UTF-16 columns from 0, as in the
 * language server protocol. A file that is none of the language has nothing. Nothing throws, whatever the text, but `prepareRename` and `rename`.
 */
export interface PromptLanguage {
  /** Everything that is wrong with a file as it stands. Fast enough for every key. */
  readonly diagnostics: (uri: string) => readonly Diagnostic[];
  /** What only the project knows, such as a prompt that is too long for its model. */
  readonly projectDiagnostics: (uri: string, signal: AbortSignal) => Promise<readonly Diagnostic[]>;
  readonly codeActions: (uri: string, range: Range, diagnostics: readonly Diagnostic[]) => readonly CodeAction[];
  readonly completion: (uri: string, position: Position) => readonly CompletionItem[];
  readonly hover: (uri: string, position: Position, signal: AbortSignal) => Promise<Hover | undefined>;
  readonly definition: (uri: string, position: Position) => readonly Location[];
  readonly references: (uri: string, position: Position, includeDeclaration: boolean) => readonly Location[];
  /** What would be renamed at a place; absent where nothing has a name. Throws `ProblemError` with `usage` where what stands there cannot be renamed, and says why. */
  readonly prepareRename: (uri: string, position: Position) => { readonly range: Range; readonly placeholder: string } | undefined;
  /** Throws `ProblemError` with `usage` where nothing can be renamed there, or not so. */
  readonly rename: (uri: string, position: Position, newName: string) => WorkspaceEdit;
  readonly documentSymbols: (uri: string) => readonly DocumentSymbol[];
  readonly foldingRanges: (uri: string) => readonly FoldingRange[];
  /** Formatting a second time changes nothing. */
  readonly format: (uri: string) => readonly TextEdit[];
  readonly codeLenses: (uri: string, signal: AbortSignal) => Promise<readonly CodeLens[]>;
}

