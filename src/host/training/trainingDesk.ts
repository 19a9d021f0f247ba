// What is to be exported and how it is to be learnt from: a draft that a person changes, and what the engine says of it. Knows nothing of the editor.
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { methods, ParamsOf } from '../../contract/engine.ts';
import { exportRuleSchema } from '../../contract/exportRule.ts';
import { hyperparameterSchema, type JobChoices, type JobPlan, type JobRow, type TrainingPreset, type TrainingSetting } from '../../contract/jobs.ts';
import type { DraftChoice, KnownDataset, RuleChange, TrainingDraft, TrainingHalf, TrainingSnapshot } from '../../contract/pages/training.ts';
import type { ExportPreview } from '../../contract/reports.ts';
import { exportFormats, usualRule, type ExportFormat } from '../../core/model/exportRule.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemOf } from '../../core/model/problem.ts';
import { learntFormats, usualFormat, type HyperparameterValue, type TrainingTarget } from '../../core/model/trainingJob.ts';
import { sentence } from '../words.ts';
import { exportedNames, proposedName } from './exportFiles.ts';
import { placeOf, type SavedTargets } from './targets.ts';

/** How far something is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** What of the engine is needed. */
export interface TrainingEngine {
  preview(choices: ParamsOf<typeof methods.previewExport>, onProgress: (progress: Progress) => void): Promise<ExportPreview>;
  /** Stops an export or a preview by its name. */
  stop(work: string): Promise<unknown>;
  /** Lost paths by reason, as lists show them. */
  losses(): Promise<ReadonlyMap<string, number>>;
  /** Training sets that one can be made equal to. */
  datasets(): Promise<TrainingSnapshot['others']>;
  presets(): Promise<{ readonly presets: readonly TrainingPreset[]; readonly settings: readonly TrainingSetting[] }>;
  plan(choices: JobChoices): Promise<JobPlan>;
  jobs(): Promise<readonly JobRow[]>;
}

/** What a desk is made with. */
export interface TrainingDeskOptions {
  /** Of the project. */
  readonly name: string;
  readonly half: TrainingHalf;
  /** The base model that is proposed. `words`: where it comes from, where that is to be said. */
  readonly model?: { readonly name: string; readonly words?: string };
  /** Of the half that trains alone. */
  readonly dataset?: KnownDataset;
  readonly engine: TrainingEngine;
  /** The targets of the settings, now. */
  readonly targets: () => SavedTargets;
  /** The key that is kept for a target. */
  readonly keyOf: (target: TrainingTarget) => Promise<string | undefined>;
  /** Why nothing may be asked of a target; absent where it may. */
  readonly forbidden: () => string | undefined;
  readonly isRunning: () => boolean;
  /** How a person left it; whatever it is, it is checked. */
  readonly remembered: unknown;
  readonly remember: (wish: unknown) => void;
  /** The snapshot is another one now. */
  readonly onChange: () => void;
}

/** Something that takes its time, and says how far it is. `words`: what is counted. */
export interface Work<Result> {
  readonly stop: () => Promise<unknown>;
  readonly work: (report: (progress: Progress, words: string) => void) => PromiseLike<Result>;
}

const wishSchema = z.object({
  rule: exportRuleSchema, card: z.boolean(), format: z.optional(z.enum(exportFormats)), target: z.string(), model: z.string(), preset: z.string(), changes: z.record(z.string(), hyperparameterSchema),
});
type Wish = z.infer<typeof wishSchema>;

const firstWish: Wish = { rule: usualRule, card: false, target: '', model: '', preset: 'lora', changes: {} };

/** Stands in a plan for a base model that nobody has named yet. */
const unnamedModel = 'MODEL';

/** The rule with what a person changed of it. */
export const withRuleChange = (rule: TrainingDraft['rule'], change: RuleChange): TrainingDraft['rule'] =>
  z.parse(exportRuleSchema, Object.fromEntries(Object.entries({ ...rule, ...withoutAbsent(change) }).filter(([, value]) => value !== null)));

/** The draft of one page. */
export class TrainingDesk {
  readonly #options: TrainingDeskOptions;
  #wish: Wish;
  #presets: readonly TrainingPreset[] = [];
  #settings: readonly TrainingSetting[] = [];
  #dataset: KnownDataset | undefined;
  #preview: ExportPreview | undefined;
  #listed: readonly string[] = [];
  #others: TrainingSnapshot['others'] = [];
  #looking: (Progress & { readonly work: string }) | undefined;
  #wrong: string | undefined;
  #plan: JobPlan | undefined;
  #unplanned: string | undefined;
  #jobs: readonly JobRow[] = [];
  #work: TrainingSnapshot['work'];
  #stop: (() => Promise<unknown>) | undefined;
  /** Name of the latest plan that was asked for: what was found for an earlier one is dropped. */
  #planned = '';
  #planning = false;
  /** The targets that were saved when the latest plan was asked for. */
  #plannedWith = '';
  #closed = false;

  constructor(options: TrainingDeskOptions) {
    this.#options = options;
    this.#dataset = options.dataset;
    const remembered = z.safeParse(wishSchema, options.remembered);
    this.#wish = remembered.success ? remembered.data : { ...firstWish, model: options.model?.name ?? '' };
  }

  /** Reads the presets, without which there is no draft. */
  async ready(): Promise<void> {
    ({ presets: this.#presets, settings: this.#settings } = await this.#options.engine.presets());
    if (!this.#presets.some(({ name }) => name === this.#wish.preset)) this.#wish = { ...this.#wish, preset: this.#presets[0]?.name ?? '', changes: {} };
    this.#fitPreset();
  }

  get half(): TrainingHalf {
    return this.#options.half;
  }

  get working(): boolean {
    return this.#work !== undefined;
  }

  get dataset(): KnownDataset | undefined {
    return this.#dataset;
  }

  get draft(): TrainingDraft {
    return { ...this.#wish, format: this.#format, target: this.#target?.name ?? '' };
  }

  snapshot(): TrainingSnapshot {
    const { name, half, targets, isRunning } = this.#options;
    const { draft } = this;
    const saved = targets();
    const shown = half === 'export' ? [] : saved.targets;
    return {
      name, half, draft, running: isRunning(), formats: [...this.#formats], preview: this.#preview ?? null, listed: [...this.#listed], others: this.#others,
      files: half === 'train' ? [] : [...exportedNames(proposedName(name, draft.format), { split: draft.rule.split?.name, card: draft.card })],
      targets: shown.map(target => ({ name: target.name, kind: target.kind, place: placeOf(target) })), broken: half === 'export' ? [] : [...saved.broken],
      presets: half === 'export' ? [] : [...this.#presets], settings: half === 'export' ? [] : [...this.#settings], plan: this.#plan ?? null, planning: this.#planning,
      ...withoutAbsent({ baseWords: this.#baseWords, wrong: this.#wrong, unplanned: this.#unplanned, earlier: this.#earlier(draft), work: this.#work, dataset: this.#dataset }),
      ...(this.#looking ? { looking: { done: this.#looking.done, total: this.#looking.total } } : {}),
    };
  }

  async changeRule(change: RuleChange): Promise<void> {
    await this.#set({ rule: withRuleChange(this.#wish.rule, change) });
  }

  async usualRule(): Promise<void> {
    await this.#set({ rule: usualRule });
  }

  /** Another preset begins with its own values. */
  async choose(choice: DraftChoice): Promise<void> {
    const { preset } = choice;
    await this.#set({ ...withoutAbsent(choice), ...(preset === undefined || preset === this.#wish.preset ? {} : { changes: {} }) });
  }

  /** Sets a hyper-parameter; one that is as in the preset is not changed. */
  async setValue(name: string, value: HyperparameterValue | null): Promise<void> {
    const { [name]: _before, ...others } = this.#wish.changes;
    await this.#set({ changes: value === null || value === this.#preset?.hyperparameters[name] ? others : { ...others, [name]: value } });
  }

  async presetValues(): Promise<void> {
    await this.#set({ changes: {} });
  }

  /** Learns from another training set. */
  async setDataset(dataset: KnownDataset): Promise<void> {
    this.#dataset = dataset;
    this.#fitPreset();
    this.#options.onChange();
    await this.plan();
  }

  /** Asks what would be written. What was asked before is called off. */
  async look(): Promise<void> {
    const { half, engine, onChange } = this.#options;
    if (half === 'train' || this.#closed) return;
    this.#stopLooking();
    const work = `preview-${randomUUID()}`;
    const isLatest = () => this.#looking?.work === work;
    this.#looking = { work, done: 0, total: 0 };
    this.#wrong = undefined;
    onChange();
    const { format, rule } = this.draft;
    try {
      const [preview, losses, others] = await Promise.all([engine.preview({ format, rule, work }, progress => {
        if (!isLatest()) return;
        this.#looking = { work, ...progress };
        onChange();
      }), engine.losses(), engine.datasets().catch(() => this.#others)]); // what can be matched is no reason not to show what would be written
      if (!isLatest()) return;
      this.#preview = preview;
      this.#others = others;
      this.#listed = Object.entries(preview.excluded).flatMap(([reason, count]) => (losses.get(reason) === count ? [reason] : []));
    } catch (thrown) {
      if (!isLatest()) return;
      this.#preview = undefined;
      this.#wrong = sentence(problemOf(thrown).message);
    }
    this.#looking = undefined;
    onChange();
  }

  /** Asks what would be done, and whether the target answers. */
  async plan(): Promise<void> {
    const { half, engine, onChange } = this.#options;
    if (half === 'export' || this.#closed) return;
    this.#stopPlanning();
    const work = `plan-${randomUUID()}`;
    this.#planned = work;
    this.#plannedWith = this.#savedWords;
    const isLatest = () => this.#planned === work;
    const choices = await this.#choices({ model: this.#wish.model.trim() || unnamedModel }).catch((thrown: unknown) => sentence(problemOf(thrown).message));
    if (!isLatest()) return;
    this.#unplanned = typeof choices === 'string' ? choices : undefined;
    this.#planning = typeof choices !== 'string';
    if (typeof choices === 'string') this.#plan = undefined;
    onChange();
    if (typeof choices === 'string') return;
    const found = await Promise.all([engine.plan({ ...choices, work }), engine.jobs()]).catch((thrown: unknown) => sentence(problemOf(thrown).message));
    if (!isLatest()) return;
    this.#planning = false;
    if (typeof found === 'string') {
      this.#plan = undefined;
      this.#unplanned = found;
    } else [this.#plan, this.#jobs] = found;
    onChange();
  }

  /** Some setting is another one: what is planned is asked anew where it is of the targets. */
  async settingsChanged(): Promise<void> {
    if (this.#savedWords !== this.#plannedWith) await this.plan();
  }

  get #savedWords(): string {
    return JSON.stringify(this.#options.targets());
  }

  #stopLooking(): void {
    if (this.#looking) void this.#options.engine.stop(this.#looking.work).catch(() => undefined); // its answer is dropped anyway
    this.#looking = undefined;
  }

  #stopPlanning(): void {
    if (this.#planning) void this.#options.engine.stop(this.#planned).catch(() => undefined); // its answer is dropped anyway
  }

  #endPlanning(): void {
    this.#stopPlanning();
    this.#planned = '';
    this.#planning = false;
  }

  /** The page is closed: what only it would show is called off. A work goes on. */
  dispose(): void {
    this.#closed = true;
    this.#stopLooking();
    this.#endPlanning();
  }

  /** What is to be started; a sentence where that is not known yet. */
  async jobChoices(): Promise<JobChoices | string> {
    const model = this.#wish.model.trim();
    if (this.#dataset?.wrong !== undefined) return this.#dataset.wrong;
    return model === '' ? 'Name the base model that is to be trained, as the target knows it.' : this.#choices({ model });
  }

  /** A job is in another state. */
  jobChanged(row: JobRow): void {
    const isNew = !this.#jobs.some(({ id }) => id === row.id);
    this.#jobs = isNew ? [row, ...this.#jobs] : this.#jobs.map(job => (job.id === row.id ? row : job));
    this.#options.onChange();
    if (isNew && this.#isLike(this.draft, row)) void this.plan(); // the work that is planned may be this job now
  }

  /** Shows how far a work is while it goes on; there is one at a time. `stop`: what calls it off. A job does not wait for what is planned, which is asked anew afterwards. */
  async during<Result>(kind: 'export' | 'job', { stop, work }: Work<Result>): Promise<Result> {
    const { onChange } = this.#options;
    const interrupts = kind === 'job' && this.#planning;
    if (interrupts) this.#endPlanning();
    this.#stop = stop;
    const show = (progress: Progress, words: string) => {
      this.#work = { kind, words, ...progress };
      onChange();
    };
    show({ done: 0, total: 0 }, 'tasks looked at');
    try {
      return await work(show);
    } finally {
      this.#work = undefined;
      this.#stop = undefined;
      onChange();
      if (interrupts && this.#planned === '') void this.plan();
    }
  }

  /** Calls off what goes on; harmless where nothing does. */
  async cancel(): Promise<void> {
    await this.#stop?.();
  }

  get #target(): TrainingTarget | undefined {
    const { targets } = this.#options.targets();
    // the first one is proposed, but never in the place of one that was chosen and has gone
    return this.#wish.target === '' ? targets[0] : targets.find(({ name }) => name === this.#wish.target);
  }

  /** What a person has named in its place comes from nowhere else. */
  get #baseWords(): string | undefined {
    const { model, half } = this.#options;
    return half === 'export' || model?.name !== this.#wish.model.trim() ? undefined : model.words;
  }

  get #preset(): TrainingPreset | undefined {
    return this.#presets.find(({ name }) => name === this.#wish.preset);
  }

  get #method(): string {
    return String(this.#wish.changes['method'] ?? this.#preset?.method ?? 'sft');
  }

  get #formats(): readonly ExportFormat[] {
    if (this.half === 'export') return exportFormats;
    return this.half === 'both' ? learntFormats[this.#method] ?? [] : [];
  }

  get #format(): ExportFormat {
    if (this.half === 'train') return this.#dataset?.facts?.format ?? 'prompt-completion';
    const { format } = this.#wish;
    if (format !== undefined && this.#formats.includes(format)) return format;
    return this.half === 'export' ? 'chat' : usualFormat(this.#method, this.#target?.kind) ?? 'prompt-completion';
  }

  /** A training set that is there can be learnt from in one way as a rule. */
  #fitPreset(): void {
    const format = this.#dataset?.facts?.format;
    if (format === undefined || learntFormats[this.#method]?.includes(format) === true) return;
    const fitting = this.#presets.find(({ method }) => learntFormats[method]?.includes(format));
    if (fitting) this.#wish = { ...this.#wish, preset: fitting.name, changes: {} };
  }

  #isLike({ target, model, preset }: TrainingDraft, job: JobRow): boolean {
    return job.target === target && job.base === model.trim() && job.preset === preset;
  }

  #earlier(draft: TrainingDraft): JobRow | undefined {
    const same = this.#plan?.existing?.id;
    return this.#jobs.find(({ id }) => id === same) ?? this.#jobs.find(job => this.#isLike(draft, job));
  }

  async #choices({ model }: { readonly model: string }): Promise<JobChoices | string> {
    const { targets, forbidden, keyOf } = this.#options;
    const target = this.#target;
    const not = forbidden();
    if (not !== undefined) return not;
    if (!target) return targets().targets.length === 0 ? 'No training target is saved yet. One says where training happens: on this machine, over ssh, on a cluster, or at an API.' : 'Choose a target.';
    const { format, rule, preset, changes } = this.draft;
    const apiKey = await keyOf(target);
    return { target: target as JobChoices['target'], model, preset, changes, format, ...(this.half === 'train' ? { dataset: this.#dataset?.path ?? '' } : { rule }), ...(apiKey === undefined ? {} : { apiKey }) };
  }

  /** What a change means is asked anew: a draft of the training alone writes nothing else. */
  async #set(change: Partial<Wish>): Promise<void> {
    const before = this.draft;
    this.#wish = { ...this.#wish, ...change };
    this.#options.remember(this.#wish);
    const { draft } = this;
    const writesOther = draft.format !== before.format || JSON.stringify(draft.rule) !== JSON.stringify(before.rule);
    // what is trained on is no matter of the target, but of the job that is there already
    const trainsOther = JSON.stringify({ ...draft, rule: null, card: null }) !== JSON.stringify({ ...before, rule: null, card: null }) || (writesOther && this.#earlier(draft) !== undefined);
    this.#options.onChange();
    await Promise.all([writesOther ? this.look() : undefined, trainsOther ? this.plan() : undefined]);
  }
}
