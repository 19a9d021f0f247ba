/** A file being written under another name beside its own, so that nobody ever sees half of it. */
export interface NewFile {
  /** Appends text (UTF-8). Throws `ProblemError`: `disk-full`, `file-not-writable`. */
  write(text: string): void;
  /** Ends the writing: the file is whole and durable, and has not got its name yet. Returns the SHA-256 of its bytes, hexadecimal. */
  seal(): string;
  /** Gives the file its name, replacing what stood there; seals it first where that is not done. */
  keep(): void;
  /** Removes what was written. Harmless after `keep`. */
  discard(): void;
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
}
