// The addresses of our read-only documents. Knows nothing of the editor.
import { documentScheme, outputEnding } from '../manifest.ts';
import { oneLine } from '../words.ts';

/** What a document can show of a task: the whole of it, an output of a branch, what was asked and answered behind that, or, to be held against each other, a structure, a path and its amendment as nothing but their texts, and what a model answered in an evaluation. */
export const shown = ['task', 'adapted', 'structure', 'path', 'verdicts', 'prompt', 'answer', 'plan', 'original', 'amended', 'evaluated'] as const;
/** One of `shown`. */
export type Shown = (typeof shown)[number];

/** Which document. */
export interface DocumentAddress {
  /** Absolute path of the project file. */
  readonly project: string;
  readonly task: string;
  readonly shown: Shown;
  /** Absent for `task`. */
  readonly branch?: { readonly id: string; readonly round: 1 | 2 };
  /** The stage of a prompt or an answer. */
  readonly stage?: string;
  /** Fingerprint of the path whose plain texts are shown. */
  readonly path?: string;
  /** Whose answers are shown, of which evaluation. */
  readonly evaluated?: { readonly evaluation: number; readonly model: string };
}

/** The parts of an address as the editor writes it. */
export interface AddressParts {
  readonly scheme: typeof documentScheme;
  readonly path: string;
  readonly query: string;
}

/** A stroke that separates no folders, for ids such as `gsm8k/17` in the title of a tab. */
const strokeInTitle = '\u2215';

/** What a model wrote, and nothing else. */
const outputs: readonly Shown[] = ['adapted', 'structure', 'path', 'answer', 'plan', 'original', 'amended', 'evaluated'];

/** The parts of a document's address. `title`: words for the tab. What a model wrote is shown as outputs are, with its steps and its answer marked; the rest is Markdown. Editors wrap and highlight both, and show them as they are written. */
export function addressParts(address: DocumentAddress, title: readonly string[]): AddressParts {
  const query = new URLSearchParams({ project: address.project, task: address.task, shown: address.shown });
  if (address.branch) {
    query.set('branch', address.branch.id);
    query.set('round', String(address.branch.round));
  }
  if (address.stage !== undefined) query.set('stage', address.stage);
  if (address.path !== undefined) query.set('path', address.path);
  if (address.evaluated) {
    query.set('evaluation', String(address.evaluated.evaluation));
    query.set('model', address.evaluated.model);
  }
  const name = title.map(part => oneLine(part).replaceAll(/[/\\]/g, strokeInTitle)).join(' · ');
  return { scheme: documentScheme, path: `/${name}.${outputs.includes(address.shown) ? outputEnding : 'md'}`, query: query.toString() };
}

/** Reads an address back; absent where it is none of ours, since anybody can write one. */
export function readAddress(query: string): DocumentAddress | undefined {
  const given = new URLSearchParams(query);
  const [project, task, branch, round, stage, path] = ['project', 'task', 'branch', 'round', 'stage', 'path'].map(name => given.get(name) ?? undefined);
  const what = shown.find(each => each === given.get('shown'));
  if (project === undefined || task === undefined || what === undefined) return undefined;
  if (what === 'task') return { project, task, shown: what };
  if (what === 'evaluated') return readEvaluated(given, { project, task });
  if (branch === undefined || round !== '1' && round !== '2') return undefined;
  return { project, task, shown: what, branch: { id: branch, round: round === '1' ? 1 : 2 }, ...(stage === undefined ? {} : { stage }), ...(path === undefined ? {} : { path }) };
}

function readEvaluated(given: URLSearchParams, place: { readonly project: string; readonly task: string }): DocumentAddress | undefined {
  const [evaluation, model] = [Number(given.get('evaluation') ?? ''), given.get('model')];
  return Number.isInteger(evaluation) && evaluation > 0 && model !== null ? { ...place, shown: 'evaluated', evaluated: { evaluation, model } } : undefined;
}
