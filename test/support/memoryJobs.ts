import { problemError } from '../../src/core/model/problem.ts';
import type { JobEvent, JobNote, TrainingJob, TrainingJobDraft, TrainingPoint } from '../../src/core/model/trainingJob.ts';
import type { JobRecords } from '../../src/ports/jobRecords.ts';

interface Entry {
  readonly draft: TrainingJobDraft;
  readonly events: JobEvent[];
  readonly points: Map<string, TrainingPoint>;
  log: TrainingJob['log'];
  facts: TrainingJob['facts'];
}

/** Jobs as long as their object lives. */
export class MemoryJobs implements JobRecords {
  readonly #entries: Entry[] = [];

  add(draft: TrainingJobDraft): { readonly id: number; readonly added: boolean } {
    const known = this.#entries.findIndex(({ draft: { spec, target } }) => spec.key === draft.spec.key && target.name === draft.target.name);
    if (known >= 0) return { id: known + 1, added: false };
    this.#entries.push({ draft: structuredClone(draft), events: [{ atMs: draft.createdAtMs, state: 'preparing' }], points: new Map(), log: { next: 0, kept: 0 }, facts: {} });
    return { id: this.#entries.length, added: true };
  }

  note(id: number, { event, points = [], log, facts }: JobNote): void {
    const entry = this.#entries[id - 1];
    if (!entry) throw problemError('bug', `There is no job ${id} to note anything of.`);
    if (event) entry.events.push({ ...event });
    for (const point of points) entry.points.set(`${Number(point.heldOut === true)} ${String(point.step).padStart(9, '0')}`, { ...point });
    if (log) entry.log = log;
    if (facts) entry.facts = facts;
  }

  all(): readonly TrainingJob[] {
    return this.#entries.map((entry, at) => jobOf(entry, at + 1)).reverse();
  }

  one(id: number): TrainingJob | undefined {
    const entry = this.#entries[id - 1];
    return entry && jobOf(entry, id);
  }

  events(id: number): readonly JobEvent[] {
    return [...this.#entries[id - 1]?.events ?? []];
  }

  points(id: number): readonly TrainingPoint[] {
    return [...this.#entries[id - 1]?.points ?? []].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, point]) => point);
  }
}

function jobOf({ draft, events, log, facts }: Entry, id: number): TrainingJob {
  const reference = events.findLast(event => event.reference !== undefined)?.reference;
  const now = events.at(-1);
  if (!now) throw new Error('a job without an event');
  return { ...draft, id, now, ...(reference === undefined ? {} : { reference }), log, facts };
}
