// What each shipped file is for, in a line. Knows nothing of the editor.
import { fileKindOf, type FileKind } from '../../core/model/promptFile.ts';
import { shortened } from '../words.ts';

/** The kinds of shipped files, in the order in which they are offered. */
export const shippedKinds = ['prompt', 'partial', 'guidelines', 'recipe'] as const satisfies readonly FileKind[];

/** Headings over the files of a kind. */
export const kindWords: Readonly<Record<FileKind, string>> = { prompt: 'Prompts', partial: 'Partials, which prompts include', guidelines: 'Guidelines', recipe: 'Recipes' };

/** What a prompt asks, by its name, which for most is that of its stage. */
const prompts: Readonly<Record<string, string>> = {
  choose: 'Which guidelines help with a task',
  adapt: 'A guideline, rewritten for one task',
  structure: 'Steps without working, from the adapted guideline',
  path: 'The task worked out along the structure',
  'path-by-example': 'The task worked out in the manner of worked examples',
  'path-plain': 'The task worked out, with nothing to follow',
  judge: 'Whether an answer agrees with the known one',
  evaluate: 'A held-out task, as every model is asked that is evaluated',
};

const partials: Readonly<Record<string, string>> = {
  'adapt-rules': 'What an adapted guideline may hold; in the hint round the hint',
  'answer-form': 'What goes into the box, by the kind of answer',
  'choose-rules': 'How guidelines are chosen and named',
  'judge-rules': 'What is compared, and that the answer is yes or no',
  'path-hint': 'The hint of the path stage',
  'path-rules': 'How a path is written, and that its answer stands in \\boxed{}',
  'structure-rules': 'What a structure may hold; in the hint round the hint',
  'task': 'The question',
  'ways-of-thinking': 'The list of guidelines to choose from',
  'worked-examples': 'Tasks with their solutions; in the hint round with their answers told',
};

/** What a recipe says of itself on one line: the first of a text in several. */
const stated = (key: 'title' | 'description', text: string): string | undefined => new RegExp(`^${key}:[ \\t]*(?:[>|][-+]?[ \\t]*\\n\\s*)?(\\S.*)$`, 'm').exec(text)?.[1];

/** What a recipe calls itself; absent where it does not say it on a line of its own. */
export const titleIn = (text: string): string | undefined => stated('title', text);

/** What a shipped file is for; absent where nobody said it. */
export function purposeOf(path: string, text: string): string | undefined {
  const [name = '', order] = path.slice(path.lastIndexOf('/') + 1).split('.');
  switch (fileKindOf(path)) {
    case 'prompt': return prompts[name] === undefined ? undefined : `${prompts[name]}${order === 'reference' ? '; in the order of the released code' : ''}`;
    case 'partial': return partials[name];
    case 'guidelines': return 'General advice on how to reason. To add some, a file of your own beside it is enough';
    case 'recipe': {
      const title = titleIn(text);
      return title === undefined ? undefined : shortened(`${title}. ${stated('description', text) ?? ''}`, 110);
    }
    case undefined: return undefined;
  }
}
