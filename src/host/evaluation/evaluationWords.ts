// What is said of evaluations: one place draws the state of one for the tree, its page and the overview. Knows nothing of the editor.
import { codeWords, counted, duration, points, thousands } from '../../client/words.ts';
import type { ChangeRow, EvaluatedRow, EvaluationPlanReport, EvaluationReport, EvaluationRow, HeldOutSet } from '../../contract/evaluation.ts';
import type { ShownAnswer } from '../../contract/pages/evaluation.ts';
import type { Domain } from '../../core/model/evaluation.ts';
import type { StateLook } from '../jobs/jobWords.ts';
import { isolated, oneLine, rounded, shortened, stateWords } from '../words.ts';

const warning = 'problemsWarningIcon.foreground';

/** The look of each state. */
export const evaluationStates: Readonly<Record<EvaluationRow['state'], StateLook>> = {
  running: { icon: { name: 'sync' }, tone: '', word: 'Running' },
  paused: { icon: { name: 'debug-pause', color: warning }, tone: 'warn', word: 'Paused' },
  completed: { icon: { name: 'pass', color: 'testing.iconPassed' }, tone: 'ok', word: 'Done' },
  cancelled: { icon: { name: 'circle-slash' }, tone: '', word: 'Cancelled' },
  failed: { icon: { name: 'error', color: 'testing.iconFailed' }, tone: 'bad', word: 'Failed' },
  interrupted: { icon: { name: 'debug-disconnect', color: warning }, tone: 'warn', word: 'Interrupted' },
};

/** How one looks as it stands. */
export function evaluationState(row: Pick<EvaluationRow, 'state' | 'problem'>): StateLook {
  const look = evaluationStates[row.state];
  return row.state === 'paused' ? { ...look, word: capital(stateWords(row)) } : look;
}

const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** What can be done with an evaluation in its state. */
export const possible = {
  cancel: ({ state }: Pick<EvaluationRow, 'state'>): boolean => state === 'running',
  continue: ({ state }: Pick<EvaluationRow, 'state'>): boolean => state !== 'running' && state !== 'completed',
  /** Its requests were refused and given up, as a rule all of them: going on alone would ask nothing. */
  again: ({ state }: Pick<EvaluationRow, 'state'>): boolean => state === 'failed',
} as const;

/** Names of data sets, one after the other. */
export const setNames = (sets: readonly string[]): string => sets.map(set => isolated(oneLine(set))).join(', ');

/** What domains are called. */
export const domainWords: Readonly<Record<Domain, string>> = { in: 'in domain', out: 'out of domain' };

/** `base → tuned`, or the models alone where nothing is compared. */
export function modelsWords({ models, base }: Pick<EvaluationRow, 'models' | 'base'>, arrow = ' → '): string {
  const own = models.filter(({ label }) => label !== base).map(({ label }) => label);
  const words = own.length > 2 ? `${own.length} models` : own.map(label => isolated(shortened(label, 40))).join(', ');
  return base === null ? words : arrow === ' → ' ? `${isolated(shortened(base, 40))}${arrow}${words}` : `${words}${arrow}${isolated(shortened(base, 40))}`;
}

/** What the first model gained over a domain; its share where nothing is compared; absent where nothing counts. */
function pooledWords(word: string, row: EvaluatedRow | undefined): string | undefined {
  if (!row || row.n === 0) return undefined;
  if (row.difference) return `${word} ${points(row.difference.value)}`;
  const [first] = row.models;
  return first && `${word} ${(first.accuracy * 100).toFixed(1)} %`;
}

/** How far an evaluation is, of all its answers: `61 %`; never 100 before the last. */
export const shareDone = ({ done, total }: { readonly done: number; readonly total: number }): string => `${total === 0 ? 100 : Math.floor((done / total) * 100)} %`;

/** State and what came of it, in one line: what goes on says how far it is. */
export function evaluationStanding(row: EvaluationRow): string {
  const { state, progress, simulated, inDomain, outOfDomain } = row;
  const parts = state === 'running'
    ? [progress ? shareDone(progress) : 'starting', typeof progress?.remainingMs === 'number' ? `${duration(progress.remainingMs)} left` : undefined]
    : [pooledWords('in', inDomain), pooledWords('out', outOfDomain), state === 'completed' ? undefined : evaluationState(row).word.toLowerCase(), state !== 'completed' && progress ? shareDone(progress) : undefined];
  return [...parts, simulated ? 'simulation' : undefined].filter(part => part !== undefined).join(' · ') || evaluationStates[state].word.toLowerCase();
}

/** How tasks were asked: `greedy, one answer a task`. */
export function ruleWords({ temperature, samples }: Pick<EvaluationReport, 'temperature' | 'samples'>): string {
  const drawn = temperature === 0 ? 'greedy' : `temperature ${temperature}`;
  return `${drawn}, ${samples === 1 ? 'one answer a task' : `the majority of ${samples} answers`}`;
}

/** How an answer of a list is shown: what was read, or why nothing was. */
export function answerWords({ verdict, extracted, reason }: ChangeRow['own']): ShownAnswer {
  const words = extracted === null || extracted.trim() === '' ? codeWords(reason) : shortened(extracted, 40);
  switch (verdict) {
    case 'correct': return { icon: 'pass', tone: 'ok', words, judged: 'correct' };
    case 'incorrect': return { icon: 'error', tone: 'bad', words, judged: 'wrong' };
    case 'unreadable': return { icon: 'question', tone: 'warn', words, judged: 'unreadable' };
    case 'unjudged': return { icon: 'circle-large-outline', tone: '', words, judged: 'not judged' };
  }
}

/** Train tasks that stand in what is asked as well; empty where there are none. */
export function contaminationWords(found: EvaluationPlanReport['contamination']): string {
  const sets = found.filter(({ exact, near }) => exact + near > 0).map(({ set, exact, near }) => {
    const how = [...(exact > 0 ? [`${thousands(exact)} word for word`] : []), ...(near > 0 ? [`${thousands(near)} nearly`] : [])];
    return `${counted(exact + near, 'task')} of ${isolated(oneLine(set))} (${how.join(', ')})`;
  });
  return sets.length === 0 ? '' : `In the training data too: ${sets.join('; ')}.`;
}

/** A held-out data set in a line: its tasks, its domain and who said so. */
export function setWords({ tasks, withoutGold, domain, stated }: HeldOutSet): string {
  const without = withoutGold > 0 ? ` · ${thousands(withoutGold)} without known answer` : '';
  return `${counted(tasks, 'task')} · ${domainWords[domain]}${stated ? '' : ', by its name'}${without}`;
}

/** `cached 120 · 3,240 calls · about 1.2 M tokens`. */
export function planWords(plan: Pick<EvaluationPlanReport, 'cached' | 'calls' | 'promptTokens' | 'outputTokens'>): string {
  if (plan.calls === 0) return `all ${thousands(plan.cached)} answers are there already: nothing to ask`;
  return [`cached ${thousands(plan.cached)}`, `to do ${counted(plan.calls, 'call')}`, `about ${rounded(plan.promptTokens + plan.outputTokens)} tokens`].join(' · ');
}

/** What an evaluation that was started somewhere came to, in a sentence. */
export function endWords(row: EvaluationRow, project: string): string {
  const name = `Evaluation ${row.id} of ${project}${row.simulated ? ' (simulation)' : ''}`;
  const { simulated: _simulated, ...rest } = row;
  if (row.state === 'completed') return `${name} is done: ${modelsWords(row)}, ${evaluationStanding({ ...rest, simulated: false })}.`;
  return `${name} ${row.state === 'failed' ? 'failed' : `was ${evaluationStates[row.state].word.toLowerCase()}`}${row.problem ? `: ${shortened(row.problem.message, 300)}` : ''}. What was answered is kept.`;
}
