/** The last part of a path, of this system or of another. */
export const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** The folder of a path. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.length - baseName(path).length - 1)) || '/';

/** The path of another file in the folder of one. */
export const beside = (path: string, name: string): string => path.slice(0, path.length - baseName(path).length) + name;
