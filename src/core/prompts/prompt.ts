import type { Prompt } from '../model/prompt.ts';
import { inOnePart, mentionBox, type BodyParts, type CutBody, type PlacedPart } from './bodyParts.ts';
import { checkTemplate, surroundingsAfter, type Surroundings, type Template, type TemplateCheck } from './check.ts';
import { compileTemplate } from './compile.ts';
import { outputOfStage, splitPrompt, type SamplingPart } from './frontMatter.ts';
import { hasErrors, inReadingOrder, mostProblems, Source, wanting, type PromptProblem, type Range } from './problem.ts';
import type { TemplateNode } from './syntax.ts';
import { parseTemplate } from './template.ts';
import { everGiven, isHintable, situationOf, stageInputs, useOf, type Situation, type VariableRoot } from './variables.ts';

/** Gives the text of a partial by the name it is included by, such as `partials/task.rgprompt`; undefined where there is none. */
export type FindPartial = (name: string) => string | undefined;

/** Reads a prompt file as `parsePrompt` does. */
export type ParsePrompt = (file: string, text: string, findPartial?: FindPartial) => PromptReading;

/** A prompt file that is right in itself; whether it fits a recipe is found out by `problemsIn`. */
export interface ParsedPrompt extends Prompt {
  /** What the body means, without comments: two prompts with the same essence render alike. */
  readonly essence: string;
  readonly sampling: SamplingPart;
  /** What is wrong with it in one situation of a recipe: a variable that is not given there, or one that must be used and is not. */
  readonly problemsIn: (situation: Situation) => readonly PromptProblem[];
}

/** A prompt file as far as it could be read, for whoever wants to show it while it is being written. */
export interface ScannedPrompt {
  readonly source: Source;
  readonly body: Range;
  readonly nodes: readonly TemplateNode[];
}

/** What reading a prompt file comes to. */
export interface PromptReading {
  readonly prompt?: ParsedPrompt;
  readonly scanned: ScannedPrompt;
  readonly problems: readonly PromptProblem[];
}

/**
 * Reads and checks a prompt file: front matter, template, variables. Never throws, whatever the text.
 *
 * @param file as it shall stand in messages
 * @param findPartial without it every include is an unknown partial
 * @returns `prompt` where there is no error; `scanned` always; `problems` in reading order, those of partials with the partial's name as their file
 */
export function parsePrompt(file: string, text: string, findPartial: FindPartial = () => undefined): PromptReading {
  return readPrompt(new Source(file, text), findPartial, inOnePart);
}

/** As `parsePrompt`, for a file that is read again with every key: `parts` keeps what was read of its body. */
export const parseInParts = (parts: BodyParts): ParsePrompt => (file, text, findPartial = () => undefined) => readPrompt(new Source(file, text), findPartial, parts.cut);

function readPrompt(source: Source, findPartial: FindPartial, cutBody: CutBody): PromptReading {
  const { frontMatter, stageRange, body, problems: headProblems } = splitPrompt(source);
  const parts = cutBody(source, body);
  const partials = readPartials(source, parts, findPartial);
  const tolerated = new Set(parts.flatMap(({ part }) => [...part.template.tolerated]));
  const bodyProblems = parts.flatMap(({ part, shift }) => placed(source, part.problems, shift));
  const found = [...headProblems, ...bodyProblems, ...partials.problems];
  const [first] = parts;
  const template = once((): Template => (first?.part.template.source === source ? first.part.template : { source, nodes: parseTemplate(source, body).nodes, tolerated }));
  const scanned: ScannedPrompt = { source, body, get nodes() { return template().nodes; } };
  if (!frontMatter) return { scanned, problems: inReadingOrder(found) };

  const { stage, variables, sampling } = frontMatter;
  const unreadable = hasErrors([...bodyProblems, ...partials.problems]);
  const situations = situationsOf(stage, variables.map(variable => variable.name));
  const bodyToCheck: Body = { source, parts, tolerated, partial: partials.find };
  const usedSomewhere = once(() => new Set(situations.flat().flatMap(each => [...checkParts(bodyToCheck, each).used])));
  const problemsIn = (situation: Situation): readonly PromptProblem[] => {
    const { problems, used, meant } = checkParts(bodyToCheck, situation);
    const mistyped = (names: readonly string[]) => names.some(name => meant.has(name));
    if (unreadable) return problems; // what is missing might stand in what could not be read
    // what is not given here cannot be used here: enough that the prompt does where it is
    const isUnused = (name: string) => !isUsed(name, used) && (isGivenIn(situation, name) || !isUsed(name, usedSomewhere()));
    const listed = variables.filter(({ name }) => isUnused(name) && !mistyped([name]));
    const required = situation.required.filter(root => !useOf[root].some(name => used.has(name)) && !mistyped(useOf[root]) && !listed.some(({ name }) => useOf[root].includes(name)));
    return [
      ...problems,
      ...required.map(root => wanting(source.problem(stageRange, 'variable.missing', `A prompt of the ${stage} stage must use ${useOf[root].join(' or ')}.`), useOf[root][0])),
      ...listed.map(({ name, range }) => wanting(source.problem(range, 'variable.missing', `${name} is listed here, and the prompt never uses it.`), name)),
    ];
  };
  found.push(...leastProblems(situations, problemsIn));
  if (outputOfStage[stage] === 'boxed' && !unreadable && !parts.some(({ part }) => part.mentionsBox || part.includes.some(({ name }) => mentionBox(partials.find(name)?.nodes ?? [])))) {
    found.push(source.warning(stageRange, 'output.no-box', 'This prompt never asks for the final answer in \\boxed{}, so hardly any answer will be readable.'));
  }
  const problems = inReadingOrder(found);
  if (hasErrors(problems)) return { scanned, problems };
  const compiled = once(() => compileTemplate(template(), partials.find));
  const prompt: ParsedPrompt = {
    file: source.file, stage, sampling, partials: partials.names, problemsIn,
    get essence() { return compiled().essence; },
    render: given => [{ role: 'user', content: compiled().render(given) }],
  };
  return { prompt, scanned, problems };
}

/** What is made when it is first asked for, and then kept. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

interface Body {
  readonly source: Source;
  readonly parts: readonly PlacedPart[];
  readonly tolerated: ReadonlySet<string>;
  readonly partial: Partials['find'];
}

function checkParts({ source, parts, tolerated, partial }: Body, situation: Situation): TemplateCheck {
  const problems: PromptProblem[] = [];
  const [used, meant] = [new Set<string>(), new Set<string>()];
  let within: Surroundings = { scopes: [], reachable: true };
  for (const { part, shift, open } of parts) {
    const check = part.check(situation, { tolerated, partial, within });
    if (open > 0) within = surroundingsAfter({ ...part.template, tolerated, within }, situation, open);
    problems.push(...placed(source, check.problems, shift));
    for (const name of check.used) used.add(name);
    for (const name of check.meant) meant.add(name);
    if (problems.length >= mostProblems) break;
  }
  return { problems, used, meant };
}

/** Findings of a part where it stands now; those of its partials stand where they did. */
function placed(source: Source, problems: readonly PromptProblem[], shift: number): readonly PromptProblem[] {
  return problems.map(problem => {
    if (problem.file !== source.file) return problem;
    const { offset, endOffset, code, message } = problem;
    return { ...problem, ...source.problem({ start: offset + shift, end: endOffset + shift }, code, message), severity: problem.severity };
  });
}

/**
 * Reads and checks a partial on its own: its variables must be known to some stage.
 *
 * @returns problems in reading order
 */
export function checkPartial(file: string, text: string): readonly PromptProblem[] {
  const source = new Source(file, text);
  const { template, problems } = readPartial(source);
  const stages = Object.keys(stageInputs) as readonly (keyof typeof stageInputs)[];
  const findings = stages.map(stage => checkTemplate(template, { stage, given: everGiven(stage), required: [] }, () => undefined).problems);
  return inReadingOrder([...problems, ...(findings.toSorted((a, b) => a.length - b.length)[0] ?? [])]);
}

/** One list of situations for each kind of recipe that a stage may stand in; a prompt must do for one of the kinds, in all its situations. */
function situationsOf(stage: Prompt['stage'], variables: readonly string[]): readonly (readonly Situation[])[] {
  const always = variables.some(name => name === 'hint' || name === 'hint.answer');
  const rounds = !isHintable(stage) ? [false] : always ? [true] : [false, true];
  const inputs: readonly (readonly VariableRoot[])[] = stageInputs[stage];
  return inputs.map(given => rounds.map(hinted => situationOf(stage, given, hinted)));
}

/** Problems in the kind of recipe that the prompt fits best. */
function leastProblems(kinds: readonly (readonly Situation[])[], problemsIn: (situation: Situation) => readonly PromptProblem[]): readonly PromptProblem[] {
  const findings = kinds.map(situations => inReadingOrder(situations.flatMap(problemsIn)));
  return findings.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

const isGivenIn = ({ given }: Situation, name: string): boolean => [...given].some(root => name === root || name.startsWith(`${root}.`));
const isUsed = (name: string, used: ReadonlySet<string>): boolean => used.has(name) || [...used].some(each => each.startsWith(`${name}.`));

interface Partials {
  readonly names: readonly string[];
  readonly find: (name: string) => Template | undefined;
  readonly problems: readonly PromptProblem[];
}

function readPartials(source: Source, parts: readonly PlacedPart[], findPartial: FindPartial): Partials {
  const templates = new Map<string, Template>();
  const problems: PromptProblem[] = [];
  for (const { name, nameRange: { start, end }, shift } of parts.flatMap(({ part, shift }) => part.includes.map(include => ({ ...include, shift })))) {
    if (templates.has(name)) continue;
    const text = findPartial(name);
    if (text === undefined) {
      problems.push(source.problem({ start: start + shift, end: end + shift }, 'partial.unknown', `There is no partial ${name}.`));
      continue;
    }
    const partial = readPartial(new Source(name, text));
    templates.set(name, partial.template);
    problems.push(...partial.problems);
  }
  return { names: [...templates.keys()], find: name => templates.get(name), problems };
}

function readPartial(source: Source): { readonly template: Template; readonly problems: readonly PromptProblem[] } {
  const start = source.text.startsWith('\ufeff') ? 1 : 0;
  const { nodes, problems, tolerated } = parseTemplate(source, { start, end: source.text.length });
  const nested = nodes.flatMap(node => (node.kind === 'include' ? [source.problem(node.range, 'partial.nested', 'A partial cannot include another one.')] : []));
  const head = /^---[ \t]*[\r\n]/.test(source.text.slice(start, start + 256)) ? [source.problem({ start, end: start + 3 }, 'frontmatter.invalid', 'A partial has no front matter.')] : [];
  return { template: { source, nodes: nodes.filter(node => node.kind !== 'include'), tolerated }, problems: [...head, ...problems, ...nested] };
}
