import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { runStates } from '../../../../src/core/model/run.ts';
import { openEvaluationSchema } from '../../../../src/contract/pages/evaluation.ts';
import { evaluationLook, evaluationsLook } from '../../../../src/host/evaluation/evaluationLook.ts';
import { evaluationAddress, evaluationIn, evaluationNode } from '../../../../src/host/evaluation/evaluationNode.ts';
import { columnsOf, openEvaluation, shownChange, type EvaluationFacts } from '../../../../src/host/evaluation/evaluationSnapshot.ts';
import { answerWords, contaminationWords, endWords, evaluationStanding, evaluationStates, modelsWords, planWords, possible, setNames, setWords } from '../../../../src/host/evaluation/evaluationWords.ts';
import { changeLine } from '../../../../src/host/overview/lists.ts';
import { addressParts, readAddress } from '../../../../src/host/documents/address.ts';
import { evaluatedText } from '../../../../src/host/documents/texts.ts';
import { aChange, aFiguresRow, anEvaluation, anEvaluationReport } from '../../../support/evaluations.ts';

const running = { state: 'running', progress: { done: 2050, total: 3360, failed: 2, calls: 1930, cached: 120, callsPerSecond: 41.26, remainingMs: 180_000 } } as const;
const third = { label: 'llama-dpo', model: 'llama-dpo', baseUrl: 'http://b/v1', identity: 'c', simulated: false };

describe('an evaluation in words', () => {
  it('has its own icon and word in every state, and can be gone on with where it was stopped', () => {
    assert.equal(new Set(runStates.map(state => evaluationStates[state].icon.name)).size, runStates.length);
    assert.equal(new Set(runStates.map(state => evaluationStates[state].word)).size, runStates.length);
    assert.deepEqual(runStates.filter(state => possible.continue({ state })), ['paused', 'cancelled', 'failed', 'interrupted']);
    assert.deepEqual(runStates.filter(state => possible.cancel({ state })), ['running']);
  });

  it('says how far it is while it goes on, and then what was gained in and out of domain', () => {
    assert.equal(evaluationStanding(anEvaluation(running)), '61 % · 3 min left');
    assert.equal(evaluationStanding(anEvaluation()), 'in +6.2 · out +1.4');
    assert.equal(evaluationStanding(anEvaluation({ ...running, state: 'interrupted', simulated: true })), 'in +6.2 · out +1.4 · interrupted · 61 % · simulation');
    const { inDomain: _in, outOfDomain: _out, progress: _progress, ...bare } = anEvaluation();
    assert.equal(evaluationStanding(bare), 'done');
    assert.equal(evaluationStanding({ ...bare, state: 'running' }), 'starting');
    const { difference: _difference, ...alone } = aFiguresRow({ name: '', domain: 'out', differences: [] });
    assert.equal(evaluationStanding({ ...bare, base: null, outOfDomain: alone }), 'out 68.9 %', 'of the first model, where nothing is compared');
  });

  it('names base and tuned, or only how many where there are many', () => {
    assert.equal(modelsWords(anEvaluation()), 'llama → llama-ft');
    assert.equal(modelsWords(anEvaluation(), ' against '), 'llama-ft against llama');
    assert.equal(modelsWords(anEvaluation({ base: null })), 'llama-ft, llama');
    assert.equal(modelsWords(anEvaluation({ models: [third, third, ...anEvaluation().models] })), 'llama → 3 models');
  });

  it('stands in the side bar with what can be done with it', () => {
    assert.deepEqual(evaluationLook(anEvaluation(running)).tokens, ['evaluation', 'going']);
    assert.deepEqual(evaluationLook(anEvaluation({ state: 'cancelled' })).tokens, ['evaluation', 'ended', 'resumable']);
    assert.equal(evaluationLook(anEvaluation(running)).icon?.name, 'sync~spin');
    assert.equal(evaluationLook(anEvaluation()).spoken, 'Evaluation 5, llama → llama-ft, done, in +6.2 · out +1.4');
    assert.equal(evaluationLook(anEvaluation()).description, 'in +6.2 · out +1.4 · llama → llama-ft');
    assert.equal(evaluationsLook([anEvaluation(running), anEvaluation({ id: 4 })], { of: '', project: 'p' }).description, 'Evaluation 5 · 61 % · 3 min left');
  });

  it('names what was planned, what is contaminated, and how it ended', () => {
    assert.equal(planWords({ cached: 120, calls: 3240, promptTokens: 200_000, outputTokens: 1_000_000 }), 'cached 120 · to do 3,240 calls · about 1.2 M tokens');
    assert.match(planWords({ cached: 3360, calls: 0, promptTokens: 0, outputTokens: 0 }), /nothing to ask/);
    assert.equal(contaminationWords([{ set: 'svamp', exact: 2, near: 1 }, { set: 'aqua', exact: 0, near: 0 }]), 'In the training data too: 3 tasks of svamp (2 word for word, 1 nearly).');
    assert.equal(contaminationWords([{ set: 'aqua', exact: 0, near: 0 }]), '');
    assert.equal(setWords({ name: 'svamp', tasks: 1000, withoutGold: 3, moved: 0, domain: 'out', stated: false }), '1,000 tasks · out of domain, by its name · 3 without known answer');
    assert.equal(endWords(anEvaluation({ simulated: true }), 'set'), 'Evaluation 5 of set (simulation) is done: llama → llama-ft, in +6.2 · out +1.4.');
    assert.equal(endWords(anEvaluation({ state: 'paused', problem: { code: 'timed-out', message: 'no answer' } }), 'set'), 'Evaluation 5 of set was paused: no answer. What was answered is kept.');
  });

  it('keeps names of others on one line and in their place', () => {
    const [odd, hebrew] = ['a\nb\u202Ec', 'שלום'];
    assert.equal(setNames([odd, hebrew]), 'a b‹U+202E›c, \u2068שלום\u2069');
    assert.equal(contaminationWords([{ set: hebrew, exact: 1, near: 0 }]), 'In the training data too: 1 task of \u2068שלום\u2069 (1 word for word).');
    const row = anEvaluation({ sets: [odd, hebrew] });
    const { tooltip } = evaluationLook(row);
    assert.ok(typeof tooltip === 'string' && tooltip.split('\n')[1]?.endsWith(`tasks of ${setNames(row.sets)}`));
    assert.equal(columnsOf({ base: null, models: [third, { ...third, label: hebrew }] })[1]?.head, '\u2068שלום\u2069');
    assert.equal(shownChange(aChange({ task: odd, set: hebrew })).name, 'a b‹U+202E›c of \u2068שלום\u2069');
  });

  it('tells an answer that cannot be read from a wrong one', () => {
    assert.deepEqual(answerWords(aChange().own), { icon: 'pass', tone: 'ok', words: '12', judged: 'correct' });
    assert.deepEqual(answerWords({ model: '', verdict: 'unreadable', extracted: null, reason: 'no-box' }), { icon: 'question', tone: 'warn', words: 'no box', judged: 'unreadable' });
    assert.deepEqual(changeLine(aChange()), { id: 'gsm8k/17', icon: 'pass', tone: 'ok', state: 'correct', task: 'gsm8k/17', of: 'no box → 12', excerpt: 'How many rolls?' });
  });

  it('is named to commands by project and number, and by nothing else', () => {
    assert.deepEqual(evaluationIn(evaluationNode('/p', 5)), evaluationAddress('/p', 5));
    for (const other of [undefined, null, 5, {}, { kind: 'evaluation', project: '/p' }, { kind: 'job', project: '/p', evaluation: 5 }, { kind: 'evaluation', project: '/p', evaluation: 1.5 }]) assert.equal(evaluationIn(other), undefined);
  });
});

describe('the page of an evaluation', () => {
  const facts = (row: Parameters<typeof anEvaluationReport>[0] = {}, parts: Parameters<typeof anEvaluationReport>[1] = {}): EvaluationFacts => {
    const report = anEvaluationReport(row, parts);
    return { report, row: report, shownModel: 'llama-ft', lists: [{ side: 'gains', total: 113, rows: [aChange()] }, { side: 'losses', total: 0, rows: [] }] };
  };
  const buttons = (shown: ReturnType<typeof openEvaluation>) => [shown.primary, ...shown.menu].map(each => each?.wish);

  it('is what its page expects', () => {
    for (const state of runStates) {
      const shown = openEvaluation(facts({ state }));
      assert.deepEqual(z.parse(openEvaluationSchema, shown), shown);
    }
  });

  it('puts the sets in their domains, and sums up where there are several', () => {
    const { groups } = openEvaluation(facts());
    assert.deepEqual(groups.map(({ title, rows, pooled }) => [title, rows.map(({ name }) => name), pooled?.n ?? null]), [['In domain', ['gsm8k'], null], ['Out of domain', ['svamp', 'aqua'], 730]]);
  });

  it('calls two models base and tuned, more of them by name, the base first', () => {
    assert.deepEqual(columnsOf(anEvaluation()), [{ label: 'llama', head: 'Base', isBase: true }, { label: 'llama-ft', head: 'Tuned', isBase: false }]);
    assert.deepEqual(columnsOf({ ...anEvaluation(), models: [...anEvaluation().models.slice(0, 1), third, ...anEvaluation().models.slice(1)] }).map(({ head }) => head), ['llama', 'llama-ft', 'llama-dpo']);
    const several = openEvaluation(facts({ models: [...anEvaluation().models, third] }, { rows: anEvaluationReport().rows.map(row => ({ ...row, models: [...row.models, { ...row.models[0], model: 'llama-dpo', correct: 1, unreadable: 0, accuracy: 0, low: 0, high: 1 }] })) }));
    assert.deepEqual(several.notes, ['Answers that could not be read: llama-ft 36, llama 9, llama-dpo 0.']);
    assert.deepEqual(openEvaluation(facts()).notes, [], 'of two it is a column');
    assert.deepEqual(columnsOf({ models: [third], base: null }).map(({ head }) => head), ['Correct']);
  });

  it('offers what fits its state', () => {
    assert.deepEqual(buttons(openEvaluation(facts(running))), ['cancel', 'copy', 'all', 'domain', 'contamination']);
    assert.deepEqual(buttons(openEvaluation(facts({ state: 'paused' }))), ['continue', 'copy', 'all', 'domain', 'contamination']);
    assert.equal(openEvaluation(facts({ state: 'failed' })).primary?.title, 'Ask Again for What Was Given Up', 'going on alone would ask nothing');
    assert.ok(!buttons(openEvaluation(facts())).some(wish => wish === 'cancel' || wish === 'continue'));
    const whole = openEvaluation(facts({}, { rows: [aFiguresRow({ name: 'gsm8k', domain: 'in' })] }));
    assert.ok(!buttons(whole).includes('again') && whole.problem === null);
    const lossy = openEvaluation(facts());
    assert.ok(buttons(lossy).includes('again'));
    assert.match(lossy.problem ?? '', /^Answers to 3 tasks could not be had/);
  });

  it('waits for a key where a wrong one has paused it, in every view', () => {
    const waiting = { state: 'paused', problem: { code: 'server-wrong-key', message: 'gpu07 refuses the key' } } as const;
    assert.equal(evaluationStanding(anEvaluation(waiting)), 'in +6.2 · out +1.4 · waiting for a key · 100 %');
    assert.match(evaluationLook(anEvaluation(waiting)).tooltip, /^Evaluation 5: waiting for a key, /);
    assert.deepEqual([openEvaluation(facts(waiting)).state.word, openEvaluation(facts({ state: 'paused' })).state.word], ['Waiting for a key', 'Paused']);
  });

  it('says how far it is, and why it stopped', () => {
    const { progress } = openEvaluation(facts(running));
    assert.deepEqual([progress?.words, progress?.figures.map(({ name, value }) => `${name} ${value}`)], ['2,050 of 3,360 answers · 61 %', ['Time left 3 min', 'Rate 41 calls/s', 'There already 120', 'Given up 2']]);
    assert.equal(openEvaluation(facts()).progress, null);
    assert.equal(openEvaluation(facts({ state: 'paused', problem: { code: 'timed-out', message: 'the server is gone' } })).problem, 'The server is gone. What was answered is kept.');
  });

  it('lists changed tasks where models are compared, and all of them where none is', () => {
    assert.deepEqual(openEvaluation(facts()).lists.map(({ title, total }) => [title, total]), [['Now correct', 113], ['Now wrong', 0]]);
    const alone = { ...facts({ base: null, models: [third] }), lists: [{ side: 'any', total: 5, rows: [aChange()] }] as const };
    assert.deepEqual(openEvaluation(alone).lists.map(({ title, total }) => [title, total]), [['Answers', 5]]);
  });
});

describe('what a model answered in an evaluation', () => {
  const answer = { raw: 'So \\boxed{12}.', finish: 'stop', verdict: 'correct', extracted: '12', reason: 'equal' } as const;
  const task = { task: 't/1', set: 't', question: 'How many?\n', gold: '12', answerKind: 'number', models: [{ model: 'a', verdict: 'correct', extracted: '12', reason: 'equal', answers: [answer] }, { model: 'b', verdict: 'incorrect', extracted: '9', reason: 'not-equal', answers: [answer, { ...answer, raw: '9', extracted: null, verdict: 'unreadable', reason: 'no-box' }] }] } as const;

  it('stands below the question as it was written, each of several under its own judgement', () => {
    assert.equal(evaluatedText(structuredClone(task) as never, 'a'), 'How many?\n\nKnown answer: 12\n\n---\n\ncorrect, equal; read: 12\n\nSo \\boxed{12}.\n');
    assert.match(evaluatedText(structuredClone(task) as never, 'b'), /incorrect, not equal; read: 9\n\n=== answer 1 of 2: correct, equal; read: 12 ===\nSo \\boxed\{12\}\.\n\n=== answer 2 of 2: unreadable, no box ===\n9\n$/);
    assert.match(evaluatedText(structuredClone(task) as never, 'c'), /Nothing was answered by c/);
  });

  it('has an address that is read back, and nothing that only looks like one', () => {
    const address = { project: '/p', task: 't/1', shown: 'evaluated', evaluated: { evaluation: 5, model: 'a b&c' } } as const;
    const { query, path } = addressParts(address, ['a b&c', 't/1']);
    assert.deepEqual(readAddress(query), address);
    assert.match(path, /\.rgoutput$/);
    assert.equal(readAddress('project=/p&task=t&shown=evaluated&evaluation=x&model=a'), undefined);
    assert.equal(readAddress('project=/p&task=t&shown=evaluated&evaluation=5'), undefined);
  });
});
