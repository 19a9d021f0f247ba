import { counted, extractionWords, points, reasons } from '../client/words.ts';
import type { Difference, EvaluatedRow, EvaluationChoices, EvaluationPlanReport, EvaluationReport, HeldOutSet } from '../contract/evaluation.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { keyAdvice, table } from './print.ts';

/** What programs are told: a row for each set, and what is the same for all of them beside it. */
export function evaluationJson(report: EvaluationReport): Readonly<Record<string, unknown>> {
  const { id, state, problem, rows, sentence, inDomain, outOfDomain, sets: _sets, table: _table, ...rest } = report;
  return { id, state, ...withoutAbsent({ problem }), sets: rows, pooled: [inDomain, outOfDomain].filter(row => row !== undefined), sentence: sentence.map(({ text }) => text).join(''), ...rest };
}

/** The table, what it says in a sentence, and what does not count and why. */
export function evaluationText(report: EvaluationReport): string {
  const { rows, sentence, base, models } = report;
  const compared = rows.some(({ differences }) => differences.length > 0);
  const head = ['set', 'domain', 'tasks', 'model', 'correct', 'accuracy (95 %)', 'unreadable', ...(compared ? [base === null ? 'difference' : `points over ${base}`, 'won', 'lost', 'p'] : [])];
  return [
    table([head, ...[...rows, ...pooledRows(report)].flatMap(row => rowLines(row, models.map(({ label }) => label)))]),
    '', sentence.map(({ text }) => text).join(''), '',
    ...leftOut(report),
    `An answer is ${extractionWords[report.extraction]}.`,
    `evaluation ${report.id} ${report.state}: ${counted(report.calls, 'call')}, ${counted(report.cached, 'answer')} from the store`,
    ...(report.problem ? [`${report.problem.code}: ${report.problem.message}${report.problem.code === 'server-wrong-key' ? keyAdvice : ''}`] : []),
    // where another model is served by now, the same words would ask that one from the start
    ...(report.state === 'completed' || report.problem?.code === 'model-mismatch' ? [] : ['Run the same command to go on from here.']),
  ].join('\n');
}

/** A domain of one set says what the set says. */
const pooledRows = ({ rows, inDomain, outOfDomain }: EvaluationReport): readonly EvaluatedRow[] =>
  [inDomain, outOfDomain].filter(pooled => pooled !== undefined).filter(({ domain }) => rows.filter(row => row.domain === domain).length > 1);

function rowLines({ name, domain, n, models, differences }: EvaluatedRow, order: readonly string[]): readonly (readonly (string | number)[])[] {
  const sorted = models.toSorted((one, other) => order.indexOf(one.model) - order.indexOf(other.model));
  return sorted.map(({ model, correct, unreadable, accuracy, low, high }, at) => {
    const difference = differences.find(each => each.model === model);
    const place = at === 0 ? [name, domain, n] : ['', '', ''];
    const figures = n === 0 ? '–' : `${percent(accuracy)} (${percent(low)} to ${percent(high)})`;
    return [...place, model, correct, figures, unreadable, ...(difference ? differenceCells(difference) : [])];
  });
}

const differenceCells = ({ value, low, high, gains, losses, p }: Difference): readonly (string | number)[] =>
  [`${points(value)} (${points(low)} to ${points(high)})`, gains, losses, p < 0.001 ? '< 0.001' : p.toFixed(3)];

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What an evaluation is about to ask, before a token is spent. `retryLost`: what was given up is asked for as well, which no plan counts. */
export function planText({ tasks, calls, cached, contamination }: EvaluationPlanReport, { retryLost = false }: Pick<EvaluationChoices, 'retryLost'>): string {
  const asks = `${counted(tasks, 'task')}: ${counted(calls, 'call')} to make${retryLost ? ', and what was given up again' : ''}, ${counted(cached, 'answer')} from the store`;
  return [...contaminationLines(contamination), asks].join('\n');
}

/** Held-out data sets that are not asked where nobody names any, and why; a line each, which ends itself. */
export const unaskedText = (held: readonly HeldOutSet[], { sets }: Pick<EvaluationPlanReport, 'sets'>): string =>
  held.filter(({ name }) => !sets.some(asked => asked.name === name)).map(({ name, tasks, withoutGold }) =>
    `${name}: not asked, since ${tasks === withoutGold ? 'none of its tasks has a known answer' : 'all of its tasks were train tasks once; --set asks it all the same'}\n`).join('');

/** Train tasks that stand in a set that is asked. */
const contaminationLines = (contamination: EvaluationPlanReport['contamination']): readonly string[] =>
  contamination.filter(({ exact, near }) => exact + near > 0).map(({ set, exact, near }) => `${set}: also trained on: ${reasons({ 'word for word': exact, 'nearly so': near })}`);

/** Tasks that do not count, and train tasks that stand in what is asked. */
function leftOut({ rows, contamination, state }: EvaluationReport): readonly string[] {
  const why = state === 'completed' ? 'some answer to it was given up; --retry-lost asks again' : 'not answered by every model yet';
  return [
    ...rows.filter(({ unanswered }) => unanswered > 0).map(({ name, unanswered }) => `${name}: ${counted(unanswered, 'task')} left out (${why})`),
    ...rows.filter(({ withoutGold }) => withoutGold > 0).map(({ name, withoutGold }) => `${name}: ${counted(withoutGold, 'task')} not asked (no known answer)`),
    ...contaminationLines(contamination),
  ];
}
