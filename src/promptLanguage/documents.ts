import type { Position, Range as LspRange } from 'vscode-languageserver-types';
import { fileKindOf, type FileKind } from '../core/model/promptFile.ts';
import { Source, type Range } from '../core/prompts/problem.ts';
import { keep } from './memory.ts';
import type { PromptPlace, PromptWorkspace } from './workspace.ts';

/** A file of the language as it stands now. */
export interface PromptDocument extends PromptPlace {
  readonly uri: string;
  readonly kind: FileKind;
  readonly source: Source;
  /** From offsets of the text to lines and columns from 0. */
  readonly rangeOf: (range: Range) => LspRange;
  /** The offset of a place; the nearest one where the place is outside the text. */
  readonly offsetAt: (position: Position) => number;
}

/** The files of a workspace, each read once until its text changes. */
export class Documents {
  readonly #workspace: PromptWorkspace;
  readonly #known = new Map<string, PromptDocument>();

  constructor(workspace: PromptWorkspace) {
    this.#workspace = workspace;
  }

  /** Absent for a file that is none of the language, or is not there. */
  get(uri: string): PromptDocument | undefined {
    const place = this.#workspace.placeOf(uri);
    return place && this.at(place.folder, place.path, uri);
  }

  /** A file by its path below `prompts/`. */
  at(folder: PromptPlace['folder'], path: string, uri = folder.uriOf(path)): PromptDocument | undefined {
    const [kind, text] = [fileKindOf(path), folder.files.get(path)];
    if (kind === undefined || text === undefined) return undefined;
    const known = this.#known.get(uri);
    if (known?.source.text === text && known.folder === folder && known.path === path) return known;
    const document = documentOf({ folder, path }, { uri, kind, source: known?.source.text === text && known.path === path ? known.source : new Source(path, text) });
    keep(this.#known, [uri, document]);
    return document;
  }
}

function documentOf(place: PromptPlace, { uri, kind, source }: Pick<PromptDocument, 'uri' | 'kind' | 'source'>): PromptDocument {
  const at = (offset: number): Position => {
    const { line, column } = source.position(offset);
    return { line: line - 1, character: column - 1 };
  };
  return {
    ...place, uri, kind, source,
    rangeOf: ({ start, end }) => ({ start: at(start), end: at(end) }),
    offsetAt: ({ line, character }) => source.offset({ line: line + 1, column: character + 1 }),
  };
}
