import assert from 'node:assert/strict';
import { modelStages } from '../../src/core/model/stage.ts';
import { parsePrompt } from '../../src/core/prompts/prompt.ts';
import { assertGolden } from '../support/golden.ts';
import { shippedPrompts } from '../support/promptFiles.ts';
import { sampleVariables } from '../support/templateSpec.ts';

const files = shippedPrompts();

/** What a prompt says in every situation, each text once. */
function renderings(file: string): readonly string[] {
  const { prompt, problems } = parsePrompt(file, files.get(file) ?? '', name => files.get(name));
  assert.deepEqual(problems, []);
  assert.ok(prompt);
  return [...new Set(sampleVariables(prompt.stage).map(variables => prompt.render(variables)[0]?.content ?? ''))].map(text => `======== ${prompt.stage}\n${text}\n`);
}

/** A stored answer belongs to the very bytes that were asked: whoever changes one of them makes all its answers stale. */
describe('what the shipped prompts say, byte for byte', () => {
  it('in the layout prefix', () => assertGolden('prompts-prefix.txt', modelStages.flatMap(stage => renderings(`regenesis/${stage}.rgprompt`)).join('\n')));
});
