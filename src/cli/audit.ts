import { counted, thousands } from '../client/words.ts';
import { mostAuditRows, type AuditReport } from '../contract/overview.ts';
import { exitCodes, type Command } from './command.ts';
import { json, table } from './print.ts';
import { withProject } from './withEngine.ts';

/** Sorts of difference that are printed one by one; the rest is counted. */
const shownSorts = 20;

/** Holds the filter of the released code against ours, on the paths of a project. */
export const audit: Command = {
  name: 'audit',
  summary: 'Hold the filter of the released code against the typed grader on every stored path: where they differ, and what it would have trained on.',
  usage: 'PROJECT',
  options: {},
  positionals: [1, 1],
  notes: `Asks no model and changes nothing. With --json every path on which they differ is a row, at most ${thousands(mostAuditRows)}; the counts count all.`,
  run: async (given, environment) => withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
    const progress = engine.on('auditProgress', ({ done, total }) => {
      if (environment.columns !== undefined) environment.redraw(`${thousands(done)} of ${counted(total, 'task')} · Ctrl-C cancels`);
    });
    const stopListening = environment.onInterrupt(() => { void engine.call('cancelAudit', {}).catch(() => undefined); }); // an engine that is gone is told by the other call
    try {
      const report = await engine.call('audit', {});
      if (environment.columns !== undefined) environment.redraw('');
      await environment.out(given.flag('json') ? json(report) : auditText(report));
      return exitCodes.done;
    } finally {
      stopListening();
      progress.dispose();
    }
  }),
};

/** An audit for people: tables, and what they mean in one sentence. */
export function auditText(report: AuditReport): string {
  const { project, paths, tasks, simulated } = report;
  const head = `${project}${simulated ? '  (simulation: answers of the demo server)' : ''}`;
  if (paths === 0) return `${head}\nThere is nothing to compare: no path of a task with a known answer is stored. Run a recipe first: regenesis run ${project}\n`;
  const parts = [
    `${counted(paths, 'path')} of ${counted(tasks, 'task')} with a known answer, graded both ways: ${thousands(report.agreed)} agree${report.undecided > 0 ? `, ${thousands(report.undecided)} cannot be decided by the typed grader` : ''}`,
    ...(report.rows.length > 0 ? [differencesTable(report)] : []),
    releasedTable(report),
    ...(report.judge ? [judgeTable(report.judge)] : []),
    ...(report.vote ? [voteTable(report.vote)] : []),
    meaningOf(report),
  ];
  return `${head}\n${parts.join('\n\n')}\n`;
}

function differencesTable({ rows }: AuditReport): string {
  const sorts = Map.groupBy(rows, ({ reference, typed, reason, referenceReason }) => JSON.stringify([reference ? 'false accept' : 'false reject', `${typed}, ${reason}`, referenceReason]));
  const sorted = [...sorts].sort(([, left], [, right]) => right.length - left.length).map(([key, group]) => {
    const [what = '', typed = '', released = ''] = JSON.parse(key) as string[];
    const [first] = group;
    return [what, group.length, typed, released, first ? `${first.task}: known ${first.gold}, read ${first.extracted ?? first.referenceExtracted ?? 'without a box'}` : ''];
  });
  const more = sorted.length - shownSorts;
  return `${table([['the released filter', 'paths', 'typed grader', 'released filter says', 'for example'], ...sorted.slice(0, shownSorts)])}${more > 0 ? `\n… and ${counted(more, 'more sort')}; --json lists every path` : ''}`;
}

function releasedTable({ released }: AuditReport): string {
  const rows = released.steps.map(({ step, count, incorrect }) => [step, count, step === 'branches' ? '' : Math.round(incorrect)]);
  return `What the released filter would leave:\n${table([['step', 'left', 'of them wrong'], ...rows])}`;
}

function judgeTable({ confusion, kappa }: NonNullable<AuditReport['judge']>): string {
  const agreement = kappa === null ? 'no kappa, since one of them always says the same' : `kappa ${kappa.toFixed(2)}`;
  return `The judge against the typed grader (${agreement}):\n${table([['typed grader', 'judge yes', 'judge no'], ...confusion.map(({ typed, yes, no }) => [typed, yes, no])])}`;
}

function voteTable(vote: NonNullable<AuditReport['vote']>): string {
  const rows = vote.map(({ shareFrom, shareTo, tasks, accuracy }) => [`${percent(shareFrom)} to ${percent(shareTo)}`, tasks, percent(accuracy)]);
  return `How often the most frequent answer is the known one:\n${table([['share of votes', 'tasks', 'right'], ...rows])}`;
}

const percent = (ratio: number): string => `${Math.round(100 * ratio)} %`;

/** What the numbers say, in one sentence. */
function meaningOf({ falseAccepts, falseRejects, released }: AuditReport): string {
  const wrong = Math.round(released.incorrect);
  const trained = `of the ${counted(released.kept, 'path')} that it would train on, ${wrong === 0 ? 'none is' : `about ${thousands(wrong)} (${percent(released.incorrect / released.kept)}) ${wrong === 1 ? 'is' : 'are'}`} wrong`;
  if (falseAccepts + falseRejects === 0) return `On these paths the released filter decides as the typed grader does; ${trained}.`;
  return `On these paths the released filter takes ${counted(falseAccepts, 'wrong or unreadable answer')} for right and ${counted(falseRejects, 'right answer')} for wrong; ${trained}.`;
}
