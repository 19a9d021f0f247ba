/** How the name of a prompt's or a partial's file ends. */
export const promptEnding = '.rgprompt';
/** How the name of a recipe's file ends. */
export const recipeEnding = '.rgrecipe.yaml';
/** What held-out tasks are asked with, by its path below `prompts/`; a workspace's own stands at the same place. */
export const evaluationPrompt = 'evaluate/evaluate.rgprompt';
/** How the names of all files end that a tree of prompts is made of: those of guidelines are plain YAML. */
export const promptFileEndings: readonly string[] = [promptEnding, '.yaml'];

/** Scheme of the addresses of shipped prompts, whose path is the one below `prompts/`: `regenesis-shipped:/regenesis/path.rgprompt`. */
export const shippedScheme = 'regenesis-shipped';

/** The kinds of files that the language is written in. */
export type FileKind = 'prompt' | 'partial' | 'recipe' | 'guidelines';

/** What a file is, by its path below `prompts/`; absent for any other file. */
export function fileKindOf(path: string): FileKind | undefined {
  if (path.endsWith(recipeEnding)) return 'recipe';
  if (path.endsWith(promptEnding)) return path.startsWith('partials/') ? 'partial' : 'prompt';
  return /^guidelines\/[^/]+\.yaml$/.test(path) ? 'guidelines' : undefined;
}

/** Where a recipe's file lies below `prompts/`. */
export const recipePath = (name: string): string => `${name}/${name}${recipeEnding}`;

/** The recipe whose file a path is; absent for a file that no recipe is read from. */
export function recipeNameOf(path: string): string | undefined {
  const [name = ''] = path.split('/', 1);
  return path === recipePath(name) ? name : undefined;
}
