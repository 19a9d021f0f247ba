// What the words of the language mean, in Markdown: hover and completion say the same. A test holds the names against docs/prompt-language.md and docs/recipes.md.
import type { FileKind } from '../core/model/promptFile.ts';
import { callStages, modelStages, type CallStage, type Filter, type ModelStage } from '../core/model/stage.ts';
import { answerKinds } from '../core/model/task.ts';
import { kindWords } from '../core/prompts/check.ts';
import { filterSignatures, type FilterName, type FilterSignature } from '../core/prompts/filterSignatures.ts';
import { hintableStages, stageInputs, type ValueType, type VariableRoot } from '../core/prompts/variables.ts';
import type { KnownAnswerUse, Layout } from '../core/recipes/recipe.ts';

/** By name, what it means. */
export type Words = Readonly<Record<string, string>>;

const listed = (names: readonly string[], last: 'and' | 'or'): string => names.map(name => `\`${name}\``).join(', ').replace(/, ([^,]*)$/, ` ${last} $1`);

/** Variables by their full names; `.*` is an item of a list. */
export const variableWords: Words = {
  'task': 'The task.',
  'task.question': 'The whole text that the model is shown of the task, options included.',
  'task.answerKind': `The kind of the known answer: ${listed(answerKinds, 'or')}.`,
  'guidelines': 'The guidelines that one may choose among. Loop over them: each has `.id` and `.text`.',
  'guidelines.*': 'One of the guidelines.',
  'guidelines.*.id': 'The id of this guideline, such as `think-stepwise`.',
  'guidelines.*.text': 'The advice of this guideline.',
  'guideline': 'The guideline of this branch.',
  'guideline.id': 'The id of the guideline of this branch; of a chosen branch the ids of all chosen ones, joined by `+`.',
  'guideline.text': 'The advice of the guideline of this branch; of a chosen branch the texts of all chosen ones, a line each.',
  'adapted': 'What the stage `adapt` made of the guideline.',
  'adapted.text': 'The advice of the guideline as the stage `adapt` rewrote it for this task.',
  'structure': 'The reasoning structure that the stage `structure` made.',
  'structure.text': 'The reasoning structure as the model wrote it, all steps in one text.',
  'structure.steps': 'The steps of the reasoning structure, a text each. Loop over them, or join them.',
  'structure.steps.*': 'One step of the reasoning structure.',
  'path': 'The reasoning path that is judged.',
  'path.text': 'The reasoning path that is judged, as the model wrote it.',
  'gold': 'The known answer.',
  'hint': 'The known answer, shown in confidence. Ask `{% if hint %}` before it is used: one prompt then serves both rounds.',
  'hint.answer': 'The known answer, shown in confidence. Ask `{% if hint %}` before it is used, or list it under `variables` in a prompt for the hint round alone.',
};

/** What `loop` has inside a loop. */
export const loopWords: Words = {
  'loop': 'Where the loop stands. Inside a loop only.',
  'loop.index': 'Which turn of the loop this is, from 1.',
  'loop.index0': 'Which turn of the loop this is, from 0.',
  'loop.first': 'Whether this is the first turn.',
  'loop.last': 'Whether this is the last turn.',
  'loop.length': 'How many turns the loop has.',
};

/** What a value is called by its type. */
export function typeWords(type: ValueType): string {
  if (type.kind === 'list') return type.of.kind === 'text' ? 'list of texts' : 'list of groups';
  if (type.kind === 'record') return 'group';
  return type.kind === 'mixed' || type.kind === 'unknown' ? 'value' : kindWords[type.kind].replace(/^a /, '');
}

/** The stage that makes what a variable holds. What has none comes from the tasks of a project. */
export const makers: ReadonlyMap<string, ModelStage> = new Map([['adapted', 'adapt'], ['structure', 'structure'], ['path', 'path']]);

/** In which stages a variable is given, and when. */
export function givenWords(root: VariableRoot): string {
  if (root === 'task') return 'Given to every stage.';
  if (root === 'hint') return `Given to ${listed(hintableStages, 'and')} in the hint round, where the recipe's \`hints.stages\` names them.`;
  const places = modelStages.flatMap(stage => {
    const inputs: readonly (readonly VariableRoot[])[] = stageInputs[stage];
    const at = inputs.findIndex(each => each.includes(root));
    const maker = makers.get(inputs[0]?.[0] ?? root);
    if (at < 0) return [];
    return [inputs.length === 1 || !maker ? `\`${stage}\`` : `\`${stage}\` (in a recipe with${at === 0 ? '' : 'out'} the stage \`${maker}\`)`];
  });
  return `Given to ${places.join(' and ')}.`;
}

/** A filter: what it may be applied to, what it gives, what it does. */
export interface FilterWords extends Pick<FilterSignature, 'operand' | 'result'> {
  /** As it is written, with what it takes. */
  readonly usage: string;
  /** What completion writes, as a snippet. */
  readonly snippet: string;
  readonly meaning: string;
  /** A template and what it writes out. */
  readonly example: readonly [template: string, result: string];
}

/** Every filter. */
export const filterWords: Readonly<Record<string, FilterWords>> = {
  default: {
    ...filterSignatures.default, usage: 'default("text")', snippet: 'default("$1")', example: ['{{ "" | default("none", true) }}', 'none'],
    meaning: 'Another text where this one is not given. With a second argument `true` also where it is empty.',
  },
  join: { ...filterSignatures.join, usage: 'join("separator")', snippet: 'join("${1:, }")', meaning: 'The texts of a list as one, with the separator between them.', example: ['{{ structure.steps | join(" → ") }}', 'Count → Check'] },
  length: { ...filterSignatures.length, usage: 'length', snippet: 'length', meaning: 'How many items a list has, or how many characters a text.', example: ['{{ structure.steps | length }}', '2'] },
  lower: { ...filterSignatures.lower, usage: 'lower', snippet: 'lower', meaning: 'The text in lower case.', example: ['{{ "Two DAYS" | lower }}', 'two days'] },
  replace: { ...filterSignatures.replace, usage: 'replace("old", "new")', snippet: 'replace("$1", "$2")', meaning: 'The text with each `old` as `new`.', example: ['{{ "1.5" | replace(".", ",") }}', '1,5'] },
  trim: { ...filterSignatures.trim, usage: 'trim', snippet: 'trim', meaning: 'The text without white space at its ends.', example: ['[{{ "  two  " | trim }}]', '[two]'] },
  upper: { ...filterSignatures.upper, usage: 'upper', snippet: 'upper', meaning: 'The text in upper case.', example: ['{{ "yes" | upper }}', 'YES'] },
} satisfies Readonly<Record<FilterName, FilterWords>>;

/** Statements: the first word of `{% … %}`. */
export const statementWords: Words = {
  if: 'What stands until `{% endif %}` is written only where the condition is true. An empty text, an empty list, 0 and what is not given count as false.',
  elif: 'Another condition, asked where none before it was true.',
  else: 'What is written where no condition was true.',
  endif: 'Ends `{% if … %}`.',
  for: 'Writes what stands until `{% endfor %}` once for each item of a list: `{% for step in structure.steps %}`. Inside, `loop` says where the loop stands. Loops stand at most three deep.',
  endfor: 'Ends `{% for … %}`.',
  include: 'Puts a partial here: `{% include "partials/task.rgprompt" %}`. At the top level of a prompt only, not inside `if` or `for`. The line end after it is dropped.',
};

/** Words that stand between values. */
export const operatorWords: Words = {
  'and': 'True where both sides are.',
  'or': 'True where one side is.',
  'not': 'True where what follows is false.',
  'in': 'Stands between the loop variable and its list.',
  'is': 'Asks whether something is given: `is defined`, `is not defined`, `is undefined`.',
  'defined': 'Whether a variable is given here.',
  'undefined': 'Whether a variable is not given here.',
  'true': 'The second argument of `default`: an empty text is replaced too.',
  'false': 'The opposite of `true`.',
};

/** What asks a model: the stages, and an evaluation. */
export const stageWords: { readonly [Stage in CallStage]: string } = {
  choose: 'Asks the model which guidelines suit the task; each of its answers becomes a branch. Answers with ids.',
  adapt: 'Asks the model to rewrite a guideline for the task. Answers with a text.',
  structure: 'Asks the model for a reasoning structure. Answers with numbered steps.',
  path: 'Asks the model to work the task out. Answers with a text that ends in `\\boxed{}`. It never sees guideline text.',
  judge: 'Asks the model whether the answer of a path agrees with the known one. Answers with yes or no.',
  evaluate: 'Asks the model a held-out task, to find out whether it solves it. Makes no training data; an evaluation asks it, no recipe does. Answers with a text that ends in `\\boxed{}`.',
};

/** What a stage's answer is: values of `output`. */
export const outputWords: Words = {
  ids: 'Ids of guidelines: the answer of `choose`.',
  text: 'A text: the answer of `adapt`.',
  steps: 'Numbered steps: the answer of `structure`.',
  boxed: 'A text with the final answer in `\\boxed{}`: the answer of `path` and of `evaluate`.',
  yesno: 'Yes or no: the answer of `judge`.',
};

/** Keys of the head of a prompt. */
export const headWords: Words = {
  stage: `Which stage asks this: ${listed(callStages, 'or')}. The only key that must be there.`,
  description: 'For the reader.',
  variables: 'Names that the prompt counts on: each must be used. `hint.answer` among them says that the prompt is for the hint round alone and need not ask whether the hint is there.',
  sampling: 'How answers are drawn: each part may be left to the recipe. What a prompt states wins over the recipe\'s `sampling`, what the recipe states under the stage wins over the prompt.',
  stop: 'The same as `sampling.stop`.',
  output: 'What the stage\'s answer is, for the reader; one for each stage.',
};

/** Keys of `sampling`, in prompts and recipes. */
export const samplingWords: Words = {
  temperature: '0 to 2. How much answers differ from each other; 0 draws the likeliest word each time.',
  top_p: 'Above 0, up to 1. Words beyond this share of likelihood are never drawn.',
  max_tokens: '1 to 131072. Where an answer is cut.',
  stop: 'Up to four texts at which an answer ends.',
  one_of: 'The answer is one of these texts, where the server can hold the model to it.',
};

/** The orders of prompts. */
export const layoutWords: { readonly [Each in Layout]: string } = {
  prefix: 'What all branches of a task share comes first, the branch\'s own text last, so that a server\'s prefix cache serves them all.',
  reference: 'The order of the released code of ReGenesis.',
};

/** The filters of a recipe. */
export const recipeFilterWords: { readonly [Each in Filter]: string } = {
  finish: 'Drops paths that were cut at their limit or withheld by the server.',
  refusal: 'Drops paths that refuse.',
  placeholder: 'Drops paths whose answer box holds a placeholder.',
  extract: 'Drops paths of which no answer can be read.',
  verify: 'Drops paths whose answer is not the known one. It cannot be left out.',
  judge: 'Drops paths that the stage `judge` does not find right.',
  leak: 'Drops paths that betray the hint.',
  clean: 'Cuts a path to its numbered steps. Needs `reverify`.',
  reverify: 'Drops paths that no longer hold their answer after `clean`.',
  length: 'Drops paths of `length.below` tokens or more.',
};

/** Which guidelines there are, where no ids are listed. */
export const sliceWords: Words = {
  'all': 'Every guideline.',
  'all-but-presupposing': 'Every guideline but those that speak of a solution that is already there.',
};

const tokenizerWords: Words = { cl100k: 'Tokens of the table cl100k.', estimate: 'An estimate that needs no table.' };
const knownAnswerWords: { readonly [Each in KnownAnswerUse]: string } = {
  used: 'A known answer decides which paths are right; without one the majority does.',
  unused: 'The majority decides for every task, as if no answer were known. There is no hint round then, and no judge.',
};
const offWords: Words = { off: 'The recipe does without it.' };
const switchWords: Words = { true: 'Yes.', false: 'No.' };

/** A key in YAML. */
export interface KeyWords {
  readonly meaning: string;
  /** What stands behind it: a text or number, a list of them, a group of further keys, or a list of groups. */
  readonly form: 'plain' | 'list' | 'group' | 'groups';
  /** Values that it may have, or the items of its list. */
  readonly values?: Words;
}

/** Keys by their place, as `stages.*.sampling`: `*` is any name or item. */
export type KeyTable = Readonly<Record<string, KeyWords>>;

const plain = (meaning: string, values?: Words): KeyWords => ({ meaning, form: 'plain', ...(values ? { values } : {}) });
const list = (meaning: string, values?: Words): KeyWords => ({ meaning, form: 'list', ...(values ? { values } : {}) });
const group = (meaning: string, values?: Words): KeyWords => ({ meaning, form: 'group', ...(values ? { values } : {}) });
const word = (words: Words, key: string): string => words[key] ?? '';

const samplingKeys = (place: string): KeyTable => ({
  [`${place}.temperature`]: plain(word(samplingWords, 'temperature')),
  [`${place}.top_p`]: plain(word(samplingWords, 'top_p')),
  [`${place}.max_tokens`]: plain(word(samplingWords, 'max_tokens')),
  [`${place}.stop`]: list(word(samplingWords, 'stop')),
  [`${place}.one_of`]: list(word(samplingWords, 'one_of')),
});

const branchKeys = (place: string): KeyTable => ({
  [`${place}.guidelines`]: plain('`true`: one branch for each guideline. `true` where it is absent.', switchWords),
  [`${place}.chosen`]: plain('So many branches more, each of guidelines that the model chose (stage `choose`). 0 where it is absent.'),
  [`${place}.picks`]: list('Fewest and most guidelines of one choice. `[2, 3]` where it is absent.'),
  [`${place}.drawn`]: plain('So many plain draws, a branch each, which follow no guideline: `guidelines` is `false` then, `chosen` 0, and `path` the only stage of a branch. 0 where it is absent.'),
});

/** Keys of the head of a prompt, by place. */
export const headKeys: KeyTable = {
  stage: plain(word(headWords, 'stage'), stageWords),
  description: plain(word(headWords, 'description')),
  variables: list(word(headWords, 'variables')),
  sampling: group(word(headWords, 'sampling')),
  ...samplingKeys('sampling'),
  stop: list(word(headWords, 'stop')),
  output: plain(word(headWords, 'output'), outputWords),
};

const stageKeys = (stage: ModelStage): KeyTable => ({
  [`stages.${stage}`]: group(`${stageWords[stage]}\n\n${stage === 'path' ? 'It must be there.' : 'It may be `off`; a stage that nobody states is off.'}`, stage === 'path' ? undefined : offWords),
  [`hints.prompts.${stage}`]: plain(`The prompt of the stage \`${stage}\` in the hint round.`),
});

/** Keys of a recipe, by place. */
export const recipeKeys: KeyTable = {
  'extends': plain('Name of another recipe, of which this one states what it changes. Groups of keys are put together key by key; the nearer recipe wins.'),
  'title': plain('For the reader. It must be there.'),
  'description': plain('For the reader.'),
  'seed': plain('0 to 2147483647; 0 where it is absent. Decides the seeds of all requests and the order of the branches.'),
  'layout': plain('In which order the prompts say what they say: `prefix` where it is absent.', layoutWords),
  'guidelines': list('`all`, `all-but-presupposing`, or a list of ids; `all` where it is absent.', sliceWords),
  'branches': group('Which branches a task has.'),
  ...branchKeys('branches'),
  'sampling': group('How answers are drawn in all stages. What a prompt states wins over it, and what stands under the stage wins over that.'),
  ...samplingKeys('sampling'),
  'stages': group('The stages that ask a model. `path` must be there, and `adapt` or `structure`; where branches are drawn, neither of the two.'),
  ...Object.assign({}, ...modelStages.map(stageKeys)) as KeyTable,
  'stages.*.prompt': plain('A prompt by its name, such as `path.rgprompt`, looked for in the recipe\'s own folder first, then in those of the recipes it extends. The stage\'s prompt in the recipe\'s layout where it is absent.'),
  'stages.*.sampling': group('How answers of this stage are drawn: part by part over what recipe and prompt state.'),
  ...samplingKeys('stages.*.sampling'),
  'stages.*.retries': plain('How often an unusable answer is drawn again, 0 to 10; 0 where it is absent.'),
  'filters': list('What a path must pass, in this order: `finish, refusal, placeholder, extract, verify, judge, leak, clean, reverify, length`. `verify` must be there.', recipeFilterWords),
  'clean': group('How the filter `clean` shortens a path.'),
  'clean.requireSteps': plain('`true`: a path without a numbered list of steps is dropped. `false` where it is absent.', switchWords),
  'length': group('What the filter `length` measures.'),
  'length.below': plain('A path of so many tokens or more is dropped.'),
  'length.tokenizer': plain('How tokens are counted; `estimate` where it is absent.', tokenizerWords),
  'select': group('Which paths are kept of those that passed.'),
  'select.perTask': plain('Most paths kept per task over both rounds, 1 to 1000; 5 where it is absent.'),
  'knownAnswers': plain('What is done with the known answers of tasks: `used` where it is absent.', knownAnswerWords),
  'vote': group('When a majority counts as the answer of a task whose known one is not there, or not used.'),
  'vote.leastVotes': plain('Fewest answers that can be read; 8 where it is absent.'),
  'vote.leastShare': plain('Smallest share of the winner, 0 to 1; 0.5 where it is absent.'),
  'vote.leastMargin': plain('Smallest lead over the second, as a share of all, 0 to 1; 0.1 where it is absent.'),
  'hints': group('The hint round: tasks that no path solved are tried again with the known answer shown in confidence. `off` where it is absent.', offWords),
  'hints.stages': list('Which stages are shown the known answer.', Object.fromEntries(hintableStages.map(stage => [stage, stageWords[stage]]))),
  'hints.guidelines': list('As `guidelines`, out of those that the recipe has; `all` where it is absent.', sliceWords),
  'hints.branches': group('Which branches a task has in this round; as in round 1 where it is absent.'),
  ...branchKeys('hints.branches'),
  'hints.sampling': group('How answers are drawn in this round: part by part over the recipe\'s `sampling`.'),
  ...samplingKeys('hints.sampling'),
  'hints.prompts': group('Other prompts for this round, by their stage: `{ path: other.rgprompt }`.'),
};

/** Keys of a file of guidelines, by place. */
export const guidelineKeys: KeyTable = {
  'guidelines': { meaning: 'The guidelines of this file. All files count, in the order of their names.', form: 'groups' },
  'guidelines.*.id': plain('Small letters and hyphens, for ever: it names branches and stands in exported data. Other advice is a new id.'),
  'guidelines.*.title': plain('Up to 24 characters: it stands in the tree.'),
  'guidelines.*.text': plain('The advice. Nothing in it should know of any task. When it is reworded, its answers become stale.'),
  'guidelines.*.presupposesSolution': plain('`true` where it speaks of a solution that is already there. `false` where it is absent.', switchWords),
};

/** Keys of each kind of file, by place. */
export const keyTables: { readonly [Kind in FileKind]: KeyTable } = { prompt: headKeys, partial: {}, recipe: recipeKeys, guidelines: guidelineKeys };
