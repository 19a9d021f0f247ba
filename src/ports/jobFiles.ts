/** What a file is by its bytes: SHA-256, hexadecimal, and how many there are. */
export interface FileIdentity {
  readonly sha256: string;
  readonly bytes: number;
}

/** The files of training jobs on this machine: each job's lie in a folder of their own beside the project. All paths are absolute. */
export interface JobFiles {
  /** The shipped training code, presets among it: path relative to `training/` with forward slashes → text. */
  training(): ReadonlyMap<string, string>;
  /** An empty folder for what is being prepared; whatever stood there is removed. Throws `ProblemError`: `file-not-writable`, `disk-full`. */
  emptyFolder(path: string): void;
  /** Writes a file whole, with the folders that it needs. Throws as `emptyFolder`. */
  write(path: string, text: string): FileIdentity;
  /** Gives a folder its name. Where one stands there already that one stays, and the other is removed. */
  moveFolder(from: string, to: string): void;
  /** Harmless where there is none. */
  removeFolder(path: string): void;
  /** Reads the whole file. Rejects with `ProblemError`: `file-not-found`, `file-unreadable`. */
  identify(path: string, signal: AbortSignal): Promise<FileIdentity>;
  /** A text of at most 16 MiB. Throws `ProblemError`: `file-not-found`, `file-unreadable`. */
  text(path: string): string;
  /** Writes text at a place of a file, makes the file where it is not there, and cuts off whatever stood behind. @returns the file's length then, in bytes */
  putAt(path: string, at: number, text: string): number;
  /** A piece of a file, as UTF-8; characters that are cut at its end are left to the next. An absent file is an empty one. */
  piece(path: string, place: { readonly from: number; readonly most: number }): { readonly text: string; readonly next: number; readonly atEnd: boolean };
}
