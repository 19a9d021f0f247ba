import assert from 'node:assert/strict';
import { sha256 } from '../../../src/adapters/hash.ts';
import { loadRecipe } from '../../../src/core/recipes/loadRecipe.ts';
import type { Round } from '../../../src/core/model/stage.ts';
import { Recogniser } from '../../../src/demoServer/play/recognise.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { answer, boxOf, guidelines, taskOf, tasks } from './play.ts';

const files = shippedPrompts();

/** What a shipped recipe asks of a sample task. */
function promptOf(name: string, round: Round, { question, kind, answer: gold }: { readonly question: string; readonly kind: string; readonly answer: string }): string {
  const plan = loadRecipe({ name, files, hash: sha256 }).recipe?.rounds[round] ?? assert.fail(name);
  const hint = plan.hintStages.includes('path') ? { hint: { answer: gold } } : {};
  return plan.chain.at(-1)?.prompt.render({ task: { question, answerKind: kind }, ...hint })[0]?.content ?? '';
}

describe('a path without a plan, as it is played', () => {
  const recogniser = new Recogniser(tasks, guidelines);

  it('is told nothing by worked examples, whatever their answers, and something by a hint', () => {
    const seen = (name: string, round: Round) => tasks.filter(task => {
      const found = recogniser.recognise(promptOf(name, round, task), 'plan');
      assert.equal(found.task, task);
      assert.deepEqual([found.voices, found.steps], [[], []], task.id);
      return found.hinted;
    }).map(({ id }) => id);
    assert.deepEqual([seen('star', 1), seen('direct', 1)], [[], []]);
    assert.deepEqual(seen('star', 2), tasks.map(({ id }) => id));
    // one box in front of a task may be where the answer is told
    const { question } = taskOf('lighthouse-flashes');
    const boxes = (texts: readonly string[]) => recogniser.recognise(`${texts.map(text => `So it is \\boxed{${text}}.`).join('\n')}\n\n${question}`, 'plan').hinted;
    assert.deepEqual([boxes(['84']), boxes(['84', '84']), boxes(['12', '7'])], [true, false, false]);
  });

  it('differs from draw to draw, and is right as often as the task is easy', () => {
    const task = taskOf('lighthouse-flashes');
    const prompt = promptOf('star', 1, task);
    const texts = Array.from({ length: 32 }, (_, seed) => answer('path', prompt, { seed, temperature: 0.7 }));
    assert.ok(new Set(texts).size > 12, `${new Set(texts).size} different texts`);
    const right = texts.filter(text => boxOf(text) === task.answer).length;
    assert.ok(right > 20 && right < 32, `${right} right`);
  });
});
