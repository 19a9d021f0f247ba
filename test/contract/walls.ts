// The rooms of src/ and what each may import: one table, read by eslint.config.mjs while you type and by walls.test.ts, which nobody can switch off in passing.
// When a wall hurts, move the code and not the wall.
import path from 'node:path';

/** What one room may import besides itself. Whatever is not named is not allowed. */
export interface Room {
  readonly rooms?: readonly string[];
  /** Rooms of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages with all that is below them: `yaml` allows `yaml/x`, and `zod/mini` does not allow `zod`. */
  readonly packages?: readonly string[];
  /** Modules of Node. */
  readonly node?: true;
}

/** By folder or file below src/; the longest name that fits is the room. */
export const rooms: Readonly<Record<string, Room>> = {
  'core/model': {},
  'core/prompts': { rooms: ['core/model'], packages: ['zod/mini', 'yaml', '@huggingface/jinja'] },
  'core/recipes': { rooms: ['core/model', 'core/prompts'], packages: ['zod/mini', 'yaml'] },
  'core/stages': { rooms: ['core/model', 'core/prompts', 'core/recipes', 'core/verify'] },
  // A table of token ranks is data, not code.
  'core/verify': { rooms: ['core/model'], packages: ['gpt-tokenizer/bpeRanks'] },
  'core/plan': { rooms: ['core/model', 'core/stages', 'core/verify'], types: ['core/recipes'] },
  'core/exchange': { rooms: ['core/model', 'core/verify'], packages: ['zod/mini'] },
  // Numbers in words count as their digits.
  'core/contamination': { rooms: ['core/model', 'core/verify'] },
  'core/align': {},
  'core/stats': { rooms: ['core/model'] },
  'core/review': { rooms: ['core/model', 'core/stats'] },
  'core/evaluation': { rooms: ['core/model', 'core/verify', 'core/plan', 'core/stats'] },
  'core/training': { rooms: ['core/model'], packages: ['zod/mini', 'yaml'] },

  // The language service: a library that knows no editor and no files.
  'promptLanguage': { rooms: ['core/model', 'core/prompts', 'core/recipes', 'core/verify'], packages: ['vscode-languageserver-types', 'vscode-languageserver-textdocument', 'yaml'] },

  // The library on a connection: a process of its own, which an editor starts.
  'languageServer': {
    rooms: ['promptLanguage', 'adapters/files/promptFolders.ts', 'contract', 'core/model'], packages: ['vscode-languageserver', 'vscode-languageserver-textdocument', 'zod/mini'], node: true,
  },

  'ports': { types: ['core/model'] },
  'contract': { rooms: ['core/model'], packages: ['zod/mini'] },
  'engine': {
    rooms: ['core/model', 'core/prompts', 'core/recipes', 'core/stages', 'core/verify', 'core/plan', 'core/exchange', 'core/stats', 'core/align', 'core/review', 'core/training', 'core/contamination', 'core/evaluation', 'ports', 'contract'],
    packages: ['zod/mini'],
  },

  // The engine's side of the socket.
  'service': { rooms: ['core/model', 'contract'], types: ['engine'], packages: ['vscode-jsonrpc', 'zod/mini'], node: true },

  'adapters': { rooms: ['core/model', 'ports'], node: true },
  'adapters/files': { rooms: ['core/model', 'ports'], packages: ['csv-parse', 'fast-xml-parser', 'hyparquet', 'hyparquet-compressors', 'hyparquet-writer', 'zod/mini'], node: true },
  // What the language service is given of this machine: server and command line need no engine for it.
  'adapters/files/promptFolders.ts': { rooms: ['core/model', 'core/recipes', 'promptLanguage', 'adapters/files'], node: true },
  // A job's API is called as a model's is.
  'adapters/jobs': { rooms: ['core/model', 'ports', 'adapters/models'], packages: ['undici', 'fflate', 'zod/mini'], node: true },
  'adapters/models': { rooms: ['core/model', 'ports'], packages: ['openai', 'undici', 'zod/mini'], node: true },
  'adapters/store': { rooms: ['core/model', 'ports'], packages: ['zod/mini'], node: true },

  // How figures are written, the same everywhere.
  'client/words.ts': { rooms: ['core/model'] },
  'client': { rooms: ['client/words.ts', 'contract', 'core/model'], packages: ['vscode-jsonrpc', 'zod/mini'], node: true },
  // Grading, the leak check, the alignment and the check of prompts need no engine.
  'cli': { rooms: ['client', 'client/words.ts', 'contract', 'core/align', 'core/model', 'core/verify', 'promptLanguage', 'adapters/files/promptFolders.ts'], packages: ['zod/mini'], node: true },
  'demoServer': { rooms: ['core/model'], packages: ['zod/mini'], node: true },
  // A review session is the same on both sides of a page.
  'host': { rooms: ['host/language', 'client', 'client/words.ts', 'contract', 'core/model', 'core/review'], packages: ['vscode', 'zod/mini'], node: true },
  // The editor's side of the prompt language.
  'host/language': { rooms: ['host', 'contract', 'core/model'], packages: ['vscode', 'vscode-languageclient', 'zod/mini'], node: true },
  // Pages in the editor: the only room that knows a DOM.
  'webview': {
    rooms: ['client/words.ts', 'contract', 'core/model', 'core/review'],
    packages: ['lit', 'markdown-it', 'dompurify', 'katex', 'uplot', 'zod/mini'],
  },

  // The doors: wiring and nothing else.
  'extension.ts': { rooms: ['host', 'host/language', 'client', 'contract', 'core/model'], packages: ['vscode'], node: true },
  'cli.ts': { rooms: ['cli', 'client', 'contract', 'core/model', 'demoServer'], node: true },
  'engineMain.ts': {
    rooms: ['engine', 'service', 'adapters', 'adapters/files', 'adapters/jobs', 'adapters/models', 'adapters/store', 'contract', 'core/model', 'core/recipes', 'core/verify', 'ports'],
    packages: ['zod/mini'], node: true,
  },
};

/** One import: from a file (relative to src/, with forward slashes) to what it names. */
export interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Whether a name is the folder or something in it. */
const isBelow = (folder: string) => (name: string): boolean => name === folder || name.startsWith(`${folder}/`);

/** The room of a path below src/; nothing where it lies in none. */
export function roomOf(file: string): string | undefined {
  return Object.keys(rooms)
    .filter(name => isBelow(name)(file))
    .reduce<string | undefined>((longest, name) => longest === undefined || name.length > longest.length ? name : longest, undefined);
}

function packageProblem(room: Room, specifier: string): string | undefined {
  const allowed = specifier.startsWith('node:') ? room.node === true : (room.packages ?? []).some(each => isBelow(each)(specifier));
  return allowed ? undefined : specifier;
}

function roomProblem(room: Room, own: string, { file, specifier, typeOnly }: Import): string | undefined {
  if (!specifier.endsWith('.ts')) return `${specifier}, which does not end in .ts`;
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const targetRoom = roomOf(target);
  if (targetRoom === undefined) return target;
  if (targetRoom === own || room.rooms?.includes(targetRoom) === true) return undefined;
  if (room.types?.includes(targetRoom) === true) return typeOnly ? undefined : `${targetRoom} but for its types`;
  return targetRoom;
}

/** What is wrong with an import; nothing where it is allowed. */
export function wallProblem(imported: Import): string | undefined {
  const name = roomOf(imported.file);
  const room = name === undefined ? undefined : rooms[name];
  if (name === undefined || room === undefined) return `${imported.file} lies in no room`;
  const refused = imported.specifier.startsWith('.') ? roomProblem(room, name, imported) : packageProblem(room, imported.specifier);
  return refused === undefined ? undefined : `${name} may not import ${refused}`;
}
