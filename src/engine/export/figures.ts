import { skeletonOf } from '../../core/align/skeleton.ts';
import { decidingVerdict, isKept } from '../../core/model/outcome.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { lengthFigures, type DatasetFigures, type DrawnTally, type TaskCost } from '../../core/stats/datasetFigures.ts';
import { Diversity } from '../../core/stats/diversity.ts';
import { shareOf } from '../../core/stats/share.ts';
import { voteKey } from '../../core/verify/equal.ts';
import type { Clock } from '../../ports/clock.ts';
import { inSlices } from '../slices.ts';
import { tasksIn, type SurveyedRecord } from './survey.ts';
import type { TaskFacts, TaskRecord } from './taskRecords.ts';

/** What a task's paths came to and cost, whatever the rule leaves of them. */
export function costOf({ task, outcome, requests }: TaskFacts): TaskCost {
  const read = outcome.branches.flatMap(branch => {
    const verdict = decidingVerdict(branch);
    return verdict && verdict.kind !== 'unreadable' && verdict.extracted !== null ? [verdict.extracted] : [];
  });
  // a task's answers are mostly the same few texts
  const keys = new Map([...new Set(read)].map(answer => [answer, voteKey(answer, task.answerKind, task.options)]));
  return {
    kept: outcome.branches.filter(isKept).length,
    answers: read.flatMap(answer => keys.get(answer) ?? []),
    requests: requests().map(({ state, usage }) => ({ answered: state === 'answered' || state === 'unknown', ...withoutAbsent({ outputTokens: usage?.outputTokens }) })),
  };
}

type Keyed = Pick<SurveyedRecord, 'key'>;
/** A path stands in as many pairs as it has worse ones beside it. */
const isPair = ({ key }: Keyed): boolean => key.includes('\n');
/** Of a pair that of its better path. */
const placeOf = (task: string, { key }: Keyed): string => `${task}\n${key.split('\n', 1)[0] ?? key}`;

/** The figures of a training set: of its paths that are to be learnt, each of which counts once in whatever records it stands. */
export class FiguresOfSet {
  readonly #diversity: Diversity;
  readonly #rest: Omit<DatasetFigures, 'diversity'>;

  constructor(records: readonly SurveyedRecord[], { drawn, trainable }: { readonly drawn: DrawnTally; readonly trainable: number }) {
    const better = records.filter(({ isBetter }) => isBetter);
    const paths = better.some(isPair) ? [...new Map(better.map(record => [placeOf(record.task, record), record])).values()] : better;
    this.#diversity = new Diversity(paths.map(record => ({ key: placeOf(record.task, record), draw: record.draws.record })));
    this.#rest = {
      trainable, coverage: shareOf(tasksIn(paths), trainable),
      ...withoutAbsent({ characters: lengthFigures(paths.map(({ characters }) => characters)), tokens: lengthFigures(paths.flatMap(({ tokens }) => tokens ?? [])) }),
      ...drawn.figures(),
    };
  }

  /** Hands a record over as it is written. */
  add(record: TaskRecord): void {
    const { answer: { taskId }, isBetter, text } = record.path;
    if (isBetter) this.#diversity.add(placeOf(taskId, record), text, skeletonOf);
  }

  /** After the last record. */
  async figures(clock: Clock): Promise<DatasetFigures> {
    const { trainable, coverage, answers, cost, ...lengths } = this.#rest;
    return { trainable, coverage, ...lengths, diversity: await this.#diversity.points(inSlices(clock)), answers, cost };
  }
}
