// A recipe of one's own, as it begins. Knows nothing of the editor.

/** Why a name cannot be that of a new recipe; absent where it can. `taken`: names of folders below `prompts/`. */
export function recipeNameProblem(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return 'A recipe needs a name.';
  if (!/^[a-z\d]+(?:-[a-z\d]+)*$/i.test(name)) return 'Letters a to z, digits, and hyphens between them.';
  if (name.length > 60) return 'At most 60 characters.';
  const same = taken.find(each => each.toLowerCase() === name.toLowerCase()); // file systems may not tell capitals apart
  return same === undefined ? undefined : `There is ${same} already.`;
}

/** A name or title in YAML: in quotes where it would be read as something else than a text. */
const yamlText = (text: string): string => (/^(?!(?:true|false|null)$)[a-z][a-z\d -]*$/i.test(text) ? text : JSON.stringify(text));

const titleFrom = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;

/** The text of a new recipe: it is what it extends, and says how it could become another. */
export const recipeText = (name: string, base: string): string => `# What is not stated here is as in ${base}. docs/recipes.md explains every key.
extends: ${yamlText(base)}
title: ${yamlText(titleFrom(name))}
# description: what it is for

# Some of what can be changed; take the first two signs of a line away:
# seed: 2
# guidelines: all-but-presupposing
# stages:
#   path:
#     sampling: { temperature: 0.6 }
#     retries: 1
# select: { perTask: 3 }
# hints: off

# A prompt beside this file, such as path.rgprompt, is this recipe's own.
# A copy that Customize Prompt… makes is used by every recipe.
`;
