import assert from 'node:assert/strict';
import type { PromptVariables } from '../../src/core/model/prompt.ts';
import { modelStages } from '../../src/core/model/stage.ts';
import { parsePrompt } from '../../src/core/prompts/prompt.ts';
import { assertGolden } from '../support/golden.ts';
import { shippedPrompts } from '../support/promptFiles.ts';
import { sampleVariables } from '../support/templateSpec.ts';

const files = shippedPrompts();

/** What a plain draw is given. */
const plain = ({ task, hint }: PromptVariables): PromptVariables => ({ task, ...(hint ? { hint } : {}) });

/** What a prompt says in every situation, each text once. */
function renderings(file: string, given = (variables: PromptVariables) => variables): readonly string[] {
  const { prompt, problems } = parsePrompt(file, files.get(file) ?? '', name => files.get(name));
  assert.deepEqual(problems, []);
  assert.ok(prompt);
  return [...new Set(sampleVariables(prompt.stage).map(variables => prompt.render(given(variables))[0]?.content ?? ''))].map(text => `======== ${prompt.stage}\n${text}\n`);
}

/** A stored answer belongs to the very bytes that were asked: whoever changes one of them makes all its answers stale. */
describe('what the shipped prompts say, byte for byte', () => {
  it('in the layout prefix', () => assertGolden('prompts-prefix.txt', modelStages.flatMap(stage => renderings(`regenesis/${stage}.rgprompt`)).join('\n')));
  it('in an evaluation', () => assertGolden('prompts-evaluate.txt', renderings('evaluate/evaluate.rgprompt').join('\n')));
  it('in the layout reference', () => assertGolden('prompts-reference.txt', modelStages.flatMap(stage => renderings(`regenesis/${stage}.reference.rgprompt`)).join('\n')));

  it('of plain draws, which one order does for', () => assertGolden('prompts-plain.txt', ['direct/path-plain.rgprompt', 'star/path-by-example.rgprompt'].flatMap(file => renderings(file, plain)).join('\n')));

  it('and what both layouts say stands in a partial', () => {
    const sentences = [...files].filter(([file]) => file.startsWith('regenesis/') && file.endsWith('.rgprompt')).flatMap(([file, text]) => {
      const body = text.replace(/^---\n[^]*?\n---\n/, '').replaceAll(/\{#[^]*?#\}/g, '').replaceAll(/\{%[^]*?%\}/g, '\n');
      return body.split(/\n|(?<=[.?:])\s/).map(each => each.trim()).filter(each => each.split(' ').length > 4).map(sentence => ({ file, sentence }));
    });
    assert.ok(sentences.length >= 7);
    const twice = sentences.filter(({ sentence }, index) => sentences.findIndex(each => each.sentence === sentence) < index);
    assert.deepEqual(twice, []);
  });
});
