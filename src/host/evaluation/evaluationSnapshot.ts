// What the page of an evaluation shows, in words. Knows nothing of the editor.
import { counted, duration, extractionWords, thousands } from '../../client/words.ts';
import type { ChangeRow, EvaluationReport, EvaluationRow } from '../../contract/evaluation.ts';
import type { DomainGroup, EvaluationButton, EvaluationWish, ModelColumn, OpenEvaluation, ShownChange, ShownSide } from '../../contract/pages/evaluation.ts';
import { domains } from '../../core/model/evaluation.ts';
import { commands, isCommand } from '../manifest.ts';
import { isolated, oneLine, sentence, shortened } from '../words.ts';
import { answerWords, contaminationWords, evaluationState, modelsWords, possible, ruleWords, setNames, shareDone } from './evaluationWords.ts';

/** A list of changed tasks as the engine gave it. */
export interface FoundSide {
  readonly side: ShownSide['side'];
  readonly total: number;
  readonly rows: readonly ChangeRow[];
}

/** What is known of an evaluation at the moment. */
export interface EvaluationFacts {
  readonly report: EvaluationReport;
  /** What was heard of it last, which may be later than the report. */
  readonly row: EvaluationRow;
  readonly shownModel: string;
  readonly lists: readonly FoundSide[];
}

/** Rows of a list on the page; the others are a click away. */
export const rowsOnPage = 12;

const wishes: Readonly<Record<EvaluationWish, { readonly command: string; readonly title?: string; readonly icon: string }>> = {
  iterate: { command: 'regenesis.iteration.run', icon: 'debug-restart' },
  continue: { command: 'regenesis.evaluation.continue', icon: 'debug-continue' },
  again: { command: 'regenesis.evaluation.continue', title: 'Ask Again for What Was Given Up', icon: 'debug-restart' },
  cancel: { command: 'regenesis.evaluation.cancel', icon: 'debug-stop' },
  domain: { command: 'regenesis.domain.set', icon: 'tag' },
  contamination: { command: 'regenesis.contamination.find', icon: 'warning' },
  copy: { command: '', title: 'Copy as CSV', icon: 'copy' },
  all: { command: '', title: 'Show All Tasks', icon: 'list-flat' },
};

/** The command of a wish; absent where it is none, or this version has none. */
export function commandOf(wish: EvaluationWish) {
  const { command } = wishes[wish];
  return isCommand(command) ? command : undefined;
}

function button(wish: EvaluationWish): readonly EvaluationButton[] {
  const { title, icon } = wishes[wish];
  const command = commandOf(wish);
  const words = title ?? (command && commands[command].title);
  return words === undefined ? [] : [{ wish, title: words, icon }];
}

/** All that the page shows of an evaluation. */
export function openEvaluation(facts: EvaluationFacts): OpenEvaluation {
  const { report, row, shownModel, lists } = facts;
  const { icon, tone, word } = evaluationState(row);
  const lost = row.state === 'completed' ? report.rows.reduce((sum, { unanswered }) => sum + unanswered, 0) : 0;
  const { primary, menu } = actionsOf(row, { isThere: report.rows.some(({ n }) => n > 0), lost });
  return {
    kind: 'evaluation', state: { icon: icon.name, tone, word }, about: aboutWords(report), rule: ruleLines(report), simulated: row.simulated, primary, menu: [...menu],
    progress: progressOf(row), problem: problemOf(row, lost), sentence: report.sentence, models: [...columnsOf(report)], groups: [...groupsOf(report)], notes: [...unreadableNote(report)],
    contamination: contaminationWords(report.contamination), shownModel, lists: lists.flatMap(list => shownSide(list, report.base !== null)),
  };
}

/** What is likeliest to be wanted, and the rest. @param lost tasks that were given up */
function actionsOf(row: EvaluationRow, { isThere, lost }: { readonly isThere: boolean; readonly lost: number }): { readonly primary: EvaluationButton | null; readonly menu: readonly EvaluationButton[] } {
  const wish: EvaluationWish = possible.cancel(row) ? 'cancel' : possible.again(row) ? 'again' : possible.continue(row) ? 'continue' : 'iterate';
  return { primary: button(wish)[0] ?? null, menu: [...(isThere ? [...button('copy'), ...button('all')] : []), ...button('domain'), ...button('contamination'), ...(lost > 0 ? button('again') : [])] };
}

const aboutWords = (report: EvaluationReport): string =>
  [modelsWords(report, ' against '), ruleWords(report), `${counted(report.tasks, 'task')}${report.limit === undefined ? '' : `, ${thousands(report.limit)} of each set`}`].join(' · ');

function ruleLines({ models, sets, prompt, temperature, maxTokens, samples, extraction, calls, cached }: EvaluationReport): string {
  return [
    ...models.map(({ label, baseUrl }) => `${isolated(oneLine(label))} at ${oneLine(baseUrl)}`), `Sets: ${setNames(sets)}`, `Prompt ${isolated(oneLine(prompt))}, ${ruleWords({ temperature, samples })}, at most ${thousands(maxTokens)} tokens; the answer is ${extractionWords[extraction]}`,
    `${counted(calls, 'call')}, ${counted(cached, 'answer')} there already`,
  ].join('\n');
}

/** How far it is, while something is left to ask. */
function progressOf({ state, progress }: EvaluationRow): OpenEvaluation['progress'] {
  if (!progress || state === 'completed') return null;
  const { done, total, failed, cached, callsPerSecond, remainingMs } = progress;
  const goes = state === 'running';
  return {
    words: `${thousands(done)} of ${counted(total, 'answer')} · ${shareDone(progress)}`, ratio: total === 0 ? 1 : Math.min(1, done / total),
    figures: [
      ...(goes ? [{ name: 'Time left', value: remainingMs === null ? '–' : duration(remainingMs) }, { name: 'Rate', value: `${thousands(callsPerSecond < 10 ? Number(callsPerSecond.toFixed(1)) : Math.round(callsPerSecond))} calls/s` }] : []),
      { name: 'There already', value: thousands(cached) }, ...(failed > 0 ? [{ name: 'Given up', value: thousands(failed) }] : []),
    ],
  };
}

function problemOf({ problem }: EvaluationRow, lost: number): string | null {
  if (problem) return `${sentence(shortened(problem.message, 400))} What was answered is kept.`;
  return lost === 0 ? null : `Answers to ${counted(lost, 'task')} could not be had and were given up: ${lost === 1 ? 'it counts' : 'they count'} for no model. They can be asked for again.`;
}

/** The models of the table, the base first. Two are called by what they are, more of them by name. */
export function columnsOf({ models, base }: Pick<EvaluationReport, 'models' | 'base'>): readonly ModelColumn[] {
  const ordered = [...models.filter(({ label }) => label === base), ...models.filter(({ label }) => label !== base)];
  const named = (label: string): string => (base !== null && ordered.length === 2 ? label === base ? 'Base' : 'Tuned' : ordered.length === 1 ? 'Correct' : isolated(shortened(label, 40)));
  return ordered.map(({ label }) => ({ label, head: named(label), isBase: label === base }));
}

const titles = { in: 'In domain', out: 'Out of domain' } as const;

function groupsOf({ rows, inDomain, outOfDomain }: EvaluationReport): readonly DomainGroup[] {
  const pooled = { in: inDomain, out: outOfDomain };
  return domains.flatMap(domain => {
    const own = rows.filter(row => row.domain === domain);
    return own.length === 0 ? [] : [{ domain, title: titles[domain], rows: own, pooled: own.length > 1 ? pooled[domain] ?? null : null }];
  });
}

/** Of more than two models what could not be read is no column of the table, but a line below it. */
function unreadableNote({ rows, models }: EvaluationReport): readonly string[] {
  const counts = models.map(({ label }) => ({ label, count: rows.reduce((sum, row) => sum + (row.models.find(({ model }) => model === label)?.unreadable ?? 0), 0) }));
  if (models.length <= 2 || counts.every(({ count }) => count === 0)) return [];
  return [`Answers that could not be read: ${counts.map(({ label, count }) => `${isolated(shortened(label, 40))} ${thousands(count)}`).join(', ')}.`];
}

const sideTitles = { gains: 'Now correct', losses: 'Now wrong', any: 'Answers' } as const;

function shownSide({ side, total, rows }: FoundSide, compared: boolean): readonly ShownSide[] {
  if (compared === (side === 'any')) return [];
  return [{ side, title: sideTitles[side], total, rows: rows.map(shownChange) }];
}

/** A task of a list, in words. */
export const shownChange = ({ task, set, excerpt, own, base }: ChangeRow): ShownChange =>
  ({ task, name: `${isolated(oneLine(task))} of ${isolated(oneLine(set))}`, excerpt: shortened(excerpt, 240), own: answerWords(own), base: base ? answerWords(base) : null });
