import type { ChangeRow, Difference, EvaluatedRow, EvaluatedTask, EvaluationReport, EvaluationRow } from '../../contract/evaluation.ts';
import { changesOf } from '../../core/evaluation/changes.ts';
import { compareInSteps, type ComparedRow, type Comparison } from '../../core/evaluation/compare.ts';
import { commonRows, type Evaluated } from '../../core/evaluation/evaluated.ts';
import { sentenceOf } from '../../core/evaluation/sentence.ts';
import { evaluationTable } from '../../core/evaluation/table.ts';
import type { Domain, EvaluationRecord } from '../../core/model/evaluation.ts';
import type { Hash } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { evaluationPrompt } from '../../core/model/promptFile.ts';
import type { RunState } from '../../core/model/run.ts';
import { excerptOf } from '../../core/model/task.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { ContaminationOfModels } from '../contamination/contaminationOfModels.ts';
import type { JudgedTask } from './evaluated.ts';

/** Graded answers with what they come to. */
export interface Figures {
  readonly evaluated: Evaluated;
  readonly comparison: Comparison;
}

/** Counts them, in steps between which `pause` lets others have their turn. The seed of the intervals is the evaluation's, so that they are the same each time. */
export async function figuresOf(evaluated: Evaluated, { rule: { seed }, sets }: EvaluationRecord, { hash, pause }: { readonly hash: Hash; readonly pause: () => Promise<void> }): Promise<Figures> {
  const steps = compareInSteps(evaluated, { hash, seed });
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await pause();
  return { evaluated, comparison: withUnasked(step.value, new Map(sets.map(({ name, withoutGold }) => [name, withoutGold]))) };
}

/** With the tasks that were not asked since they have no known answer. */
function withUnasked({ sets, pooled, ...comparison }: Comparison, unasked: ReadonlyMap<string, number>): Comparison {
  const more = <Row extends ComparedRow>(row: Row, names: readonly string[]): Row =>
    ({ ...row, leftOut: { ...row.leftOut, withoutKnown: row.leftOut.withoutKnown + names.reduce((sum, name) => sum + (unasked.get(name) ?? 0), 0) } });
  return {
    ...comparison, sets: sets.map(set => more(set, [set.name])),
    pooled: pooled.map(row => more(row, sets.filter(({ domain }) => domain === row.domain).map(({ name }) => name))),
  };
}

/** The states that an evaluation ends up in while one of its models is there, the worst first. */
const worstFirst: readonly RunState[] = ['running', 'failed', 'paused', 'interrupted', 'cancelled', 'completed'];

/** How an evaluation stands by the latest run of each of its models; one whose run never began was interrupted. */
export function standingOf({ models }: EvaluationRecord, runs: readonly RunRecord[]): Pick<EvaluationRow, 'state' | 'problem' | 'pass'> {
  const latest = latestRuns(models, runs);
  const state = worstFirst.find(each => latest.some(run => (run?.state ?? 'interrupted') === each)) ?? 'interrupted';
  const problem = latest.find(run => run?.state === state)?.problem;
  return { state, pass: Math.ceil(runs.length / models.length), ...(problem ? { problem: { code: problem.code, message: problem.message } } : {}) };
}

/** The run of each model that was begun last; absent where none was. */
const latestRuns = (models: EvaluationRecord['models'], runs: readonly RunRecord[]): readonly (RunRecord | undefined)[] => models.map(({ identity }) => runs.find(run => run.identity === identity));

/** A line of a list. @param figures absent while it goes on */
export function evaluationRow(record: EvaluationRecord, standing: Pick<EvaluationRow, 'state' | 'problem' | 'pass' | 'progress'>, figures: Figures | undefined): EvaluationRow {
  const pooled = (domain: Domain) => {
    const row = figures?.comparison.pooled.find(each => each.domain === domain);
    return row && row.n > 0 ? evaluatedRow(pooledNames[domain], row) : undefined;
  };
  return {
    id: record.id, createdAtMs: record.createdAtMs, ...standing,
    models: record.models.map(model => ({ ...model })), base: record.base ?? null,
    sets: record.sets.map(({ name }) => name), tasks: record.sets.reduce((sum, { tasks }) => sum + tasks, 0),
    simulated: record.models.some(({ simulated }) => simulated),
    ...withoutAbsent({ inDomain: pooled('in'), outOfDomain: pooled('out') }),
  };
}

const pooledNames: { readonly [D in Domain]: string } = { in: 'All in-domain', out: 'All out-of-domain' };

/** Everything that is said of an evaluation. */
export function evaluationReport({ record, runs, row, figures: { comparison }, contamination: { sets: contamination, untold } }: {
  readonly record: EvaluationRecord;
  readonly runs: readonly RunRecord[];
  readonly row: EvaluationRow;
  readonly figures: Figures;
  readonly contamination: ContaminationOfModels;
}): EvaluationReport {
  const { rule: { sampling, samples, extraction, limit, seed }, models } = record;
  const { names, rows } = evaluationTable(comparison);
  const latest = latestRuns(models, runs);
  return {
    ...row,
    sentence: sentenceOf(comparison, {
      contaminated: contamination.map(({ set, exact, near }) => ({ set, tasks: exact + near })), untold, simulated: models.filter(({ simulated }) => simulated).map(({ label }) => label),
    }),
    rows: comparison.sets.map(set => evaluatedRow(set.name, set)),
    prompt: evaluationPrompt, temperature: sampling.temperature, maxTokens: sampling.maxTokens, samples, extraction, seed, ...withoutAbsent({ limit }), contamination,
    calls: latest.reduce((sum, run) => sum + (run?.calls ?? 0), 0), cached: latest.reduce((sum, run) => sum + (run?.cached ?? 0), 0),
    table: { names: [...names], rows: rows.map(each => [...each]) },
  };
}

function evaluatedRow(name: string, { domain, n, leftOut, models, differences: all }: ComparedRow): EvaluatedRow {
  const differences = all.map(({ tuned, value, low, high, gains, losses, p }): Difference => ({ model: tuned, value, low, high, gains, losses, p }));
  return {
    name, domain, n,
    models: models.map(({ model, correct, unreadable, accuracy, low, high }) => ({ model, correct, unreadable, accuracy: accuracy ?? 0, low, high })),
    ...withoutAbsent({ difference: differences[0] }), differences, withoutGold: leftOut.withoutKnown, unanswered: leftOut.unanswered,
  };
}

/** Which tasks are listed, of which model against the base. */
export interface ChangeFilter {
  readonly side: 'gains' | 'losses' | 'any';
  readonly model?: string;
  readonly set?: string;
  readonly domain?: Domain;
}

/** The tasks of a list, in the order of the sets, without what is read of each task itself. */
export function changesOfSide(all: Evaluated, { side, model, set, domain }: ChangeFilter): readonly Omit<ChangeRow, 'excerpt' | 'gold'>[] {
  const { models, base } = all;
  const label = model ?? models.find(each => each !== base) ?? '';
  const evaluated = { ...all, sets: all.sets.filter(each => (set === undefined || each.name === set) && (domain === undefined || each.domain === domain)) };
  const row = (place: Pick<ChangeRow, 'task' | 'set'>, own: Verdict, other: Verdict | undefined) =>
    ({ task: place.task, set: place.set, own: { model: label, ...foundOf(own) }, ...(other && base !== null ? { base: { model: base, ...foundOf(other) } } : {}) });
  if (side !== 'any') {
    const { nowCorrect, nowWrong } = changesOf(evaluated, label);
    return (side === 'gains' ? nowCorrect : nowWrong).map(change => row(change, change.tuned, change.base));
  }
  const [ownAt, baseAt] = [models.indexOf(label), base === null ? -1 : models.indexOf(base)];
  return evaluated.sets.flatMap(({ name, rows }) => commonRows(rows).common.flatMap(({ task, verdicts }) => {
    const own = verdicts[ownAt];
    return own ? [row({ task, set: name }, own, verdicts[baseAt])] : [];
  }));
}

const foundOf = ({ kind, extracted, reason }: Verdict) => ({ verdict: kind, extracted, reason });

/** A row with the beginning of its question, and the known answer. */
export function withQuestion(store: Store, row: Omit<ChangeRow, 'excerpt' | 'gold'>): ChangeRow {
  const task = store.task(row.task as Parameters<Store['task']>[0]);
  return { ...row, excerpt: excerptOf(task?.question ?? ''), gold: task?.gold ?? '' };
}

/** A task with all that was answered. */
export function evaluatedTask({ task, models }: JudgedTask, { models: asked }: EvaluationRecord): EvaluatedTask {
  const none: Verdict = { kind: 'unjudged', extracted: null, reason: 'not-answered' };
  return {
    task: task.id, set: task.origin.dataset, question: task.question, gold: task.gold ?? '', answerKind: task.answerKind,
    models: models.map(({ answers, verdict }, index) => ({
      model: asked[index]?.label ?? '', ...foundOf(verdict ?? none), answers: answers.map(({ raw, finish, verdict: own }) => ({ raw, finish, ...foundOf(own) })),
    })),
  };
}
