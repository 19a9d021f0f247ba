import { callStages, type CallStage } from '../core/model/stage.ts';
import { checkTemplate, type Template } from '../core/prompts/check.ts';
import type { FrontMatter } from '../core/prompts/frontMatter.ts';
import { dottedNames, everGiven, isHintable, isVariableRoot, situationOf, stageInputs, useOf, type VariableRoot } from '../core/prompts/variables.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { readPrompt, type ReadPrompt } from './readPrompts.ts';

/** When a variable is given: in every recipe and round, in recipes of one kind, or in the hint round. */
export type When = 'always' | 'sometimes' | 'hint';

/** What a prompt or partial is given. */
export interface Given {
  /** Of a partial the stages of the prompts that include it; where none does, those that have all it uses. */
  readonly stages: readonly CallStage[];
  readonly roots: ReadonlyMap<VariableRoot, When>;
  /** Full names that are still to be used, each of which would do for its variable. */
  readonly needed: ReadonlySet<string>;
}

/** The stage that the head of a prompt names, even where the head has problems. */
export function stageOf(prompt: PromptDocument): CallStage | undefined {
  const { head, body } = readPrompt(prompt);
  const named = /^stage:[ \t]*["']?([a-z]+)/m.exec(prompt.source.text.slice(0, body.start))?.[1];
  return head?.frontMatter?.stage ?? callStages.find(stage => stage === named);
}

/** What a prompt or partial is given, and what of it is still to be used. */
export function givenTo(documents: Documents, document: PromptDocument): Given {
  const read = readPrompt(document);
  if (document.kind === 'partial') return givenToPartial(documents, document, read);
  const frontMatter = read.head?.frontMatter;
  const stage = stageOf(document);
  if (!stage) return { stages: [], roots: rootsGiven(callStages, 'some'), needed: new Set() };
  const roots = new Map(rootsGiven([stage], 'all'));
  if (frontMatter?.variables.some(({ name }) => name === 'hint' || name === 'hint.answer') === true) roots.set('hint', 'always');
  const used = usedBy(document, read, { stage, partial: name => templateOf(documents.at(document.folder, name)) });
  return { stages: [stage], roots, needed: new Set([...stillNeeded(stage, used), ...stillListed(frontMatter, used)]) };
}

/** What is given to all of some stages, or to some of them. */
function rootsGiven(stages: readonly CallStage[], to: 'all' | 'some'): ReadonlyMap<VariableRoot, When> {
  const ever = stages.map(everGiven);
  const roots = [...new Set(ever.flatMap(each => [...each]))].filter(root => to === 'some' || ever.every(each => each.has(root)));
  return new Map(roots.map(root => [root, whenGiven(root, stages)]));
}

function whenGiven(root: VariableRoot, stages: readonly CallStage[]): When {
  if (root === 'hint') return 'hint';
  const inputs = stages.flatMap((stage): readonly (readonly VariableRoot[])[] => stageInputs[stage]);
  return root === 'task' || inputs.every(each => each.includes(root)) ? 'always' : 'sometimes';
}

const templateOf = (document: PromptDocument | undefined): Template | undefined => (document?.kind === 'partial' ? { source: document.source, ...readPrompt(document) } : undefined);

/** Full names that a template uses in some recipe and round. */
function usedBy({ source }: PromptDocument, read: ReadPrompt, { stage, partial }: { readonly stage: CallStage; readonly partial: (name: string) => Template | undefined }): ReadonlySet<string> {
  const inputs: readonly (readonly VariableRoot[])[] = stageInputs[stage];
  const situations = inputs.map(each => situationOf(stage, each, isHintable(stage)));
  return new Set(situations.flatMap(situation => [...checkTemplate({ source, ...read }, situation, partial).used]));
}

const isUsed = (root: VariableRoot, used: ReadonlySet<string>): boolean => useOf[root].some(name => used.has(name));

/** Names for what a prompt of a stage must use and does not. One kind of recipe is enough. */
function stillNeeded(stage: CallStage, used: ReadonlySet<string>): readonly string[] {
  const inputs: readonly (readonly VariableRoot[])[] = stageInputs[stage];
  const lacking = inputs.filter(each => each.length > 0).map(each => each.filter(root => !isUsed(root, used))); // that plain draws need nothing is no reason to offer nothing
  const roots: readonly VariableRoot[] = [...(isUsed('task', used) ? [] : ['task' as const]), ...(lacking.some(each => each.length === 0) ? [] : lacking.flat())];
  return roots.flatMap(root => useOf[root]);
}

/** Names that the head lists and the body does not use. */
function stillListed(frontMatter: FrontMatter | undefined, used: ReadonlySet<string>): readonly string[] {
  const unused = (frontMatter?.variables ?? []).filter(({ name }) => !used.has(name) && ![...used].some(each => each.startsWith(`${name}.`)));
  return unused.flatMap(({ name }) => (isVariableRoot(name) ? dottedNames(name) : [name]));
}

function givenToPartial(documents: Documents, document: PromptDocument, read: ReadPrompt): Given {
  const including = stagesIncluding(documents, document);
  if (including.length > 0) return { stages: including, roots: rootsGiven(including, 'all'), needed: new Set() };
  const findings = callStages.map(stage => ({ stage, count: checkTemplate({ source: document.source, ...read }, { stage, given: everGiven(stage), required: [] }, () => undefined).problems.length }));
  const least = Math.min(...findings.map(({ count }) => count));
  const fitting = findings.filter(({ count }) => count === least).map(({ stage }) => stage);
  return { stages: fitting, roots: rootsGiven(fitting, 'some'), needed: new Set() };
}

function stagesIncluding(documents: Documents, { folder, path }: PromptDocument): readonly CallStage[] {
  const stages = [...folder.files].filter(([, text]) => text.includes(path)).map(([file]) => {
    const prompt = documents.at(folder, file);
    const includes = prompt?.kind === 'prompt' && readPrompt(prompt).nodes.some(node => node.kind === 'include' && node.name === path);
    return includes ? stageOf(prompt) : undefined;
  });
  return callStages.filter(stage => stages.includes(stage));
}
