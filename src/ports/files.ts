/** A file being written under another name beside its own, so that nobody ever sees half of it. */
export interface NewFile {
  /** Appends text (UTF-8), or bytes as they are. Throws `ProblemError`: `disk-full`, `file-not-writable`. */
  write(content: string | Uint8Array): void;
  /** Ends the writing: the file is whole and durable, and has not got its name yet. Returns the SHA-256 of its bytes, hexadecimal. */
  seal(): string;
  /**
   * Gives the file its name, replacing what stood there; seals it first where that is not done.
   *
   * @returns how to take that back, as far as the file system keeps what stood there: until `discard`, and for files that must appear together or not at all
   */
  keep(): () => void;
  /** Removes what was written, and after `keep` only what is needed to take that back. Harmless a second time. */
  discard(): void;
}

/** Makes a Parquet file of conversations, one in each row (`messages`, a list of `role` and `content`). All bytes together, in order, are the file; the same rows in the same groups give the same bytes. */
export interface ConversationTable {
  /** Bytes of a group of rows, at least one. */
  rows(conversations: readonly (readonly { readonly role: string; readonly content: string }[])[]): Uint8Array;
  /** Bytes of the end. Nothing may come after it. */
  end(): Uint8Array;
}

/** The files that the engine reads and writes beside the project itself. */
export interface Files {
  /**
   * Prompts, recipes and guidelines: the shipped ones, overlaid by the workspace's own (`.regenesis/prompts` beside the project or above it).
   *
   * @returns path relative to `prompts/` with forward slashes → text
   */
  prompts(projectPath: string): ReadonlyMap<string, string>;
  /** Texts of the prompt and recipe files of one folder, by file name. Throws `ProblemError`: `file-not-found`, `file-unreadable`. */
  promptFolder(path: string): ReadonlyMap<string, string>;
  /**
   * Throws `ProblemError`: `file-not-writable` when the folder is not there or does not take files, and when what stands at the path must not be replaced:
   * a project, a folder, a device.
   */
  create(path: string): NewFile;
  /** Whether two paths name one file, by links too; no where either is not there. */
  isSame(one: string, other: string): boolean;
  /** Size of a file in bytes; absent where there is none. */
  sizeBytes(path: string): number | undefined;
  /** Text of a file (UTF-8); absent where there is none that can be read. */
  text(path: string): string | undefined;
  conversationTable(): ConversationTable;
  /** A place for a project that is thrown away, in a folder of its own; `remove` takes the folder with all that is in it. One that was left behind is removed after a day. Throws `ProblemError`: `file-not-writable`, `disk-full`. */
  scratch(): { readonly project: string; readonly remove: () => void };
}
