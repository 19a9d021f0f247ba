import type { ChangeRow, EvaluatedRow, EvaluationReport, EvaluationRow } from '../../src/contract/evaluation.ts';

/** The figures of a row of two models. */
export const aFiguresRow = (parts: Partial<EvaluatedRow> & Pick<EvaluatedRow, 'name' | 'domain'>, value = 0.062): EvaluatedRow => {
  const difference = { model: 'llama-ft', value, low: value - 0.026, high: value + 0.026, gains: 113, losses: 54, p: 0.00001 };
  return {
    n: 950, models: [{ model: 'llama-ft', correct: 655, unreadable: 12, accuracy: 0.689, low: 0.659, high: 0.718 }, { model: 'llama', correct: 596, unreadable: 3, accuracy: 0.627, low: 0.596, high: 0.658 }],
    difference, differences: [difference], withoutGold: 0, unanswered: 0, ...parts,
  };
};

/** An evaluation that is done. */
export const anEvaluation = (parts: Partial<EvaluationRow> = {}): EvaluationRow => ({
  id: 5, createdAtMs: 0, state: 'completed', pass: 1, models: [{ label: 'llama-ft', model: 'llama-ft', baseUrl: 'http://gpu07:8000/v1', identity: 'b', simulated: false }, { label: 'llama', model: 'llama', baseUrl: 'http://gpu07:8000/v1', identity: 'a', simulated: false }],
  base: 'llama', sets: ['gsm8k', 'svamp', 'aqua'], tasks: 1680, simulated: false, progress: { done: 3360, total: 3360, failed: 0, calls: 3240, cached: 120, callsPerSecond: 0, remainingMs: null },
  inDomain: aFiguresRow({ name: '', domain: 'in' }), outOfDomain: aFiguresRow({ name: '', domain: 'out', n: 730 }, 0.014), ...parts,
});

/** All about an evaluation. */
export const anEvaluationReport = (row: Partial<EvaluationRow> = {}, parts: Partial<EvaluationReport> = {}): EvaluationReport => ({
  ...anEvaluation(row), sentence: [{ text: 'Better in domain by 6.2 points', strong: true }, { text: ' (95 % interval 3.6 to 8.8).' }],
  rows: [aFiguresRow({ name: 'gsm8k', domain: 'in' }), aFiguresRow({ name: 'svamp', domain: 'out', n: 350 }, 0.017), aFiguresRow({ name: 'aqua', domain: 'out', n: 380, unanswered: 3, withoutGold: 1 }, -0.005)],
  prompt: 'evaluate/boxed', temperature: 0, maxTokens: 2048, samples: 1, extraction: 'boxed', contamination: [], calls: 3240, cached: 120, table: { names: ['set', 'n'], rows: [['gsm8k', 950]] }, ...parts,
});

/** A task that one model has right and the other not. */
export const aChange = (parts: Partial<ChangeRow> = {}): ChangeRow => ({
  task: 'gsm8k/17', set: 'gsm8k', excerpt: 'How many rolls?', gold: '12', own: { model: 'llama-ft', verdict: 'correct', extracted: '12', reason: 'equal' }, base: { model: 'llama', verdict: 'unreadable', extracted: null, reason: 'no-box' }, ...parts,
});
