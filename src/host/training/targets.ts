// The training targets of the settings: which of them can be used, and what is wrong with the others. Knows nothing of the editor.
import * as z from 'zod/mini';
import { targetOf, trainingTargetSchema } from '../../contract/jobs.ts';
import { isFields } from '../../core/model/outside.ts';
import { targetKinds, type TrainingTarget } from '../../core/model/trainingJob.ts';
import { oneLine } from '../words.ts';

/** What the settings hold. */
export interface SavedTargets {
  readonly targets: readonly TrainingTarget[];
  /** Why others are none, a sentence for each. */
  readonly broken: readonly string[];
}

/** Reads the setting; anybody may have written anything there. */
export function readTargets(saved: unknown): SavedTargets {
  if (!Array.isArray(saved)) return { targets: [], broken: ['The setting is to be a list of targets.'] };
  const targets: TrainingTarget[] = [];
  const broken: string[] = [];
  for (const [place, value] of (saved as readonly unknown[]).entries()) {
    const read = readTarget(value);
    const wrong = typeof read === 'string' ? read : targets.some(({ name }) => name === read.name) ? 'there is another one of that name' : undefined;
    if (wrong !== undefined) broken.push(`Target ${nameOf(value) ?? place + 1} cannot be used: ${wrong}.`);
    else if (typeof read !== 'string') targets.push(read);
  }
  return { targets, broken };
}

/** A target, or why it is none. */
export function readTarget(value: unknown): TrainingTarget | string {
  const read = z.safeParse(trainingTargetSchema, value, { reportInput: true });
  if (!read.success) return wrongWords(read.error.issues[0]);
  const target = targetOf(read.data);
  return 'url' in target ? wrongUrl(target) ?? target : target;
}

function wrongUrl({ kind, url }: { readonly kind: string; readonly url: string }): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return 'url is to begin with http:// or https://';
  return kind === 'openai' && !/\/v1\/?$/.test(url) ? 'url is to end in /v1' : undefined;
}

const nameOf = (value: unknown): string | undefined => (isFields(value) && typeof value['name'] === 'string' && value['name'] !== '' ? oneLine(value['name']) : undefined);

function wrongWords(issue: z.core.$ZodIssue | undefined): string {
  const field = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') return `${field === '' ? '' : `${field}: `}no such target knows ${issue.keys.map(oneLine).join(', ')}`;
  return field === '' ? 'it is to be an object' : `${field} ${fieldWords(issue)}`;
}

function fieldWords(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'invalid_union': return `is to be ${targetKinds.slice(0, -1).join(', ')} or ${targetKinds.at(-1) ?? ''}`;
    case 'invalid_type': return issue.input === undefined ? 'is missing' : `is to be ${typeWords[issue.expected] ?? issue.expected}`;
    case 'too_small': return issue.origin === 'string' ? 'is empty' : 'is too small';
    case 'too_big': return issue.origin === 'string' ? 'is too long' : 'is too large';
    default: return 'cannot be that';
  }
}

const typeWords: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', int: 'a whole number', array: 'a list', object: 'an object', record: 'an object of texts' };

/** Where a target is, in a word or two. */
export function placeOf(target: TrainingTarget): string {
  if ('url' in target) return target.url;
  return target.host === undefined || target.host === '' ? 'this machine' : target.host;
}

/** What kinds of targets there are, in words. */
export const kindWords: Readonly<Record<TrainingTarget['kind'], { readonly label: string; readonly detail: string }>> = {
  command: { label: 'A Process', detail: 'train.py runs by itself, on this machine or over ssh' },
  slurm: { label: 'Slurm', detail: 'sbatch, on this machine or over ssh' },
  ray: { label: 'Ray', detail: 'the jobs of a Ray dashboard' },
  openai: { label: 'Fine-Tuning API', detail: 'a jobs API of OpenAI’s shape: the training set is sent there, and nothing else' },
};

/** Names that `Host` lines of an ssh configuration give, without patterns, in their order. */
export function hostsIn(configuration: string): readonly string[] {
  const named = configuration.split(/\r?\n/).flatMap(line => /^\s*Host(?:\s*=\s*|\s+)(.+)$/i.exec(line)?.[1]?.split(/\s+/) ?? []).map(name => name.replaceAll('"', ''));
  return [...new Set(named.filter(name => name !== '' && !/[*?!#]/.test(name)))];
}
