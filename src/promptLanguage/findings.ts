import { evaluationPrompt, fileKindOf, recipeEnding, recipePath } from '../core/model/promptFile.ts';
import { modelStages, type ModelStage } from '../core/model/stage.ts';
import { inReadingOrder, Source, wanting, type PromptProblem, type PromptProblemCode, type Range } from '../core/prompts/problem.ts';
import { BodyParts } from '../core/prompts/bodyParts.ts';
import { readEvaluationPrompt } from '../core/prompts/evaluationPrompt.ts';
import { splitPrompt } from '../core/prompts/frontMatter.ts';
import { checkPartial, parseInParts, parsePrompt, type ParsePrompt } from '../core/prompts/prompt.ts';
import { readGuidelines } from '../core/recipes/guidelines.ts';
import { readRecipe, type ReadRecipe } from '../core/recipes/loadRecipe.ts';
import { readRecipeText, recipeNames, type PromptFiles } from '../core/recipes/recipeFile.ts';
import type { PromptDocument } from './documents.ts';
import { keep, Memory } from './memory.ts';
import { readPrompt } from './readPrompts.ts';
import type { PromptFolder } from './workspace.ts';

/** Something wrong with a file, and where in another file it comes from. */
export interface Finding extends PromptProblem {
  readonly because?: PromptProblem;
}

/** Says what is wrong with files: each in itself, and with what uses it or is used by it. */
export class Findings {
  readonly #memory = new Memory();
  readonly #parts = new Map<string, BodyParts>();

  /** In reading order; those of a recipe's prompts stand at the recipe too, since it cannot run. */
  of(document: PromptDocument): readonly Finding[] {
    switch (document.kind) {
      case 'prompt': return this.#ofPrompt(document);
      case 'partial': return this.#ofPartial(document);
      case 'recipe': return this.#ofRecipe(document);
      case 'guidelines': return this.#library(document.folder, document.folder.files).problems.filter(({ file }) => file === document.path);
    }
  }

  #ofPrompt(document: PromptDocument): readonly Finding[] {
    const { folder, path, source } = document;
    const parse = this.#prompt(folder);
    const { problems } = path === evaluationPrompt ? readEvaluationPrompt(folder.files, parse) : parse(path, source.text, name => folder.files.get(name));
    const own = problems.filter(({ file }) => file === path);
    const brought = [...firstErrors(problems.filter(({ file }) => file !== path)).values()].map(because => ({
      ...source.problem(placeOfInclude(document, because.file), because.code, `This prompt cannot run: ${placed(because)}`), because,
    }));
    return inReadingOrder<Finding>([...own, ...brought, ...this.#asUsed(document, own)]);
  }

  #ofPartial(document: PromptDocument): readonly Finding[] {
    const { folder, path, source } = document;
    const own = this.#memory.recall(`partial ${folder.uriOf(path)}`, folder.files, files => checkPartial(path, files.get(path) ?? source.text));
    const prompts = [...folder.files].filter(([file, text]) => fileKindOf(file) === 'prompt' && text.includes(path));
    const asIncluded = prompts.flatMap(([file, text]) => this.#prompt(folder)(file, text, name => folder.files.get(name)).problems
      .filter(problem => problem.file === path)
      .map(problem => ({ problem, by: file, severity: problem.severity })));
    const found = [...own, ...named(own, 'prompt', asIncluded)];
    return inReadingOrder([...found, ...this.#asUsed(document, [...own, ...asIncluded.map(({ problem }) => problem)])]);
  }

  /** What is wrong with a file in the recipes that use it, and is not wrong with it anyway. */
  #asUsed({ folder, path, source }: PromptDocument, own: readonly PromptProblem[]): readonly Finding[] {
    const uri = folder.uriOf(path);
    const used = recipeNames(folder.files).flatMap(name => {
      const file = recipePath(name);
      // a recipe of ours that somebody's changed prompt no longer fits may be one that they never run
      const mayBeOther = folder.isShipped(file) && !path.startsWith(`${name}/`);
      const read = this.#recipe(folder, name);
      const found = (read?.problems ?? []).filter(problem => problem.file === path || (fileKindOf(problem.file) !== 'guidelines' && folder.uriOf(problem.file) === uri));
      const misused = [...read?.builder?.ofOtherStage ?? []].filter(([used]) => used === path || folder.uriOf(used) === uri);
      return [...found, ...misused.map(([, asked]) => ofOtherStage(source, asked))]
        .map(problem => ({ problem: { ...problem, file: path }, by: name, severity: mayBeOther ? 'warning' as const : problem.severity }));
    });
    return named(own, 'recipe', used);
  }

  #ofRecipe({ folder, path }: PromptDocument): readonly Finding[] {
    const name = path.slice(path.lastIndexOf('/') + 1, -recipeEnding.length);
    const home = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const files = home === name ? folder.files : movedTo(name, home, folder.files);
    const read = home === name ? this.#recipe(folder, name) : readRecipe(name, files);
    if (!read) return [];
    const moved = (file: string) => (home !== name && file.startsWith(`${name}/`) ? `${home}/${file.slice(name.length + 1)}` : file);
    const all = read.problems.map(problem => ({ ...problem, file: moved(problem.file) }));
    const own: Finding[] = all.filter(problem => problem.file === path);
    const elsewhere = firstErrors(all.filter(({ file }) => file !== path));
    const { text, firstLine } = read.text.source;
    const source = new Source(path, text);
    const misplaced = home === name ? [] : [source.warning(firstLine, 'recipe.misplaced', `A recipe is found by its name as ${recipePath(name)}; here it can be run by its path alone.`)];
    return inReadingOrder([...own, ...misplaced, ...[...elsewhere.values()].map(because => ({
      ...source.problem(placeOf(read, because.file), codeFor(because.file), `This recipe cannot run: ${placed(because)}`), because,
    }))]);
  }

  #recipe(folder: PromptFolder, name: string): ReadRecipe | undefined {
    const memory = this.#memory;
    return memory.recall(`recipe ${folder.uriOf(recipePath(name))}`, folder.files, files => readRecipe(name, files, {
      text: (each, from) => memory.recall(`text ${folder.uriOf(recipePath(each))}`, from, watched => readRecipeText(each, watched)),
      guidelines: from => this.#library(folder, from),
      prompt: this.#prompt(folder),
    }));
  }

  #partsOf(key: string): BodyParts {
    const parts = this.#parts.get(key) ?? new BodyParts();
    keep(this.#parts, [key, parts], mostInParts);
    return parts;
  }

  #library(folder: PromptFolder, files: PromptFiles) {
    return this.#memory.recall(`guidelines ${folder.uriOf('guidelines')}`, files, readGuidelines);
  }

  #prompt(folder: PromptFolder): ParsePrompt {
    return (file, text, find) => {
      const get = (name: string) => (name === file ? text : find?.(name));
      const key = `prompt ${folder.uriOf(file)} ${file}`;
      const parse = text.length < longEnough ? parsePrompt : parseInParts(this.#partsOf(key));
      return this.#memory.recall(key, { get, has: name => get(name) !== undefined, keys: () => [].values() }, files => parse(file, files.get(file) ?? '', name => files.get(name)));
    };
  }
}

/** Shorter bodies are read whole with every key. */
const longEnough = 32_768;
/** Long files that are kept in parts: those that somebody may be writing at a time. */
const mostInParts = 20;

/** What a recipe asks at one stage, and says that it is of another. The recipe says so too; a shipped one, which is not looked at, does not. */
function ofOtherStage(source: Source, asked: ModelStage): PromptProblem {
  const { frontMatter, stageRange } = splitPrompt(source);
  return wanting(source.problem(stageRange, 'recipe.prompt', `It stands where the ${asked} stage is asked, and is a prompt of ${frontMatter?.stage ?? 'another'}. Write \`stage: ${asked}\`, or name another prompt in the recipe.`), asked);
}

interface Used {
  readonly problem: PromptProblem;
  /** The prompt or recipe that has it. */
  readonly by: string;
  readonly severity: PromptProblem['severity'];
}

const keyOf = ({ offset, endOffset, code, message }: PromptProblem): string => `${offset} ${endOffset} ${code} ${message}`;

/** Findings that only some users of a file have, each once, with their names; an error of one is an error. */
function named(own: readonly PromptProblem[], kind: 'prompt' | 'recipe', used: readonly Used[]): readonly PromptProblem[] {
  const known = new Set(own.map(keyOf));
  const groups = new Map<string, Used[]>();
  for (const each of used) {
    const key = keyOf(each.problem);
    if (known.has(key)) continue;
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()].map(group => {
    const [{ problem }] = group as [Used];
    const names = [...new Set(group.map(({ by }) => by))];
    const severity = group.some(each => each.severity === 'error') ? 'error' : 'warning';
    return { ...problem, severity, message: `In the ${kind}${names.length > 1 ? 's' : ''} ${names.join(', ')}: ${problem.message}` };
  });
}

/** The first error of each file. */
const firstErrors = (problems: readonly PromptProblem[]): ReadonlyMap<string, PromptProblem> =>
  new Map(problems.filter(({ severity }) => severity === 'error').toReversed().map(problem => [problem.file, problem]));

const placed = ({ file, line, column, code, message }: PromptProblem): string => `${file}:${line}:${column}: ${code} ${message}`;

/** Where a prompt includes a partial. */
function placeOfInclude(document: PromptDocument, partial: string): Range {
  const include = readPrompt(document).nodes.find(node => node.kind === 'include' && node.name === partial);
  return include?.kind === 'include' ? include.nameRange : document.source.firstLine;
}

/** Files as they would be seen if a recipe lay in a folder of its own name. */
function movedTo(name: string, home: string, files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const beside = [...files].filter(([file]) => file.startsWith(home === '' ? `${name}${recipeEnding}` : `${home}/`));
  return new Map([...files, ...beside.map(([file, text]): [string, string] => [`${name}/${home === '' ? file : file.slice(home.length + 1)}`, text])]);
}

/** Where a recipe says, itself, that it uses a file: the stage of a prompt, what it extends, else its first line. */
function placeOf({ text }: ReadRecipe, file: string): Range {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const stage = modelStages.find(each => {
    const stated = text.recipe.stages[each];
    return typeof stated === 'object' && (stated.prompt === undefined ? name.startsWith(`${each}.`) : file.endsWith(stated.prompt));
  });
  const places = [...(stage === undefined ? [] : [['stages', stage, 'prompt'], ['stages', stage]]), ['extends']];
  return places.map(text.rangeOf).find(range => range !== undefined) ?? text.source.firstLine;
}

const codeOfKind: Readonly<Record<string, PromptProblemCode>> = { guidelines: 'recipe.guidelines', recipe: 'recipe.invalid' };
const codeFor = (file: string): PromptProblemCode => codeOfKind[fileKindOf(file) ?? ''] ?? 'recipe.prompt';
