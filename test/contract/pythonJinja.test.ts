import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { parsePrompt } from '../../src/core/prompts/prompt.ts';
import { shippedPrompts } from '../support/promptFiles.ts';
import { sampleVariables, templateSpec } from '../support/templateSpec.ts';
import { recordCase, templateCase } from '../support/templates.ts';

/** Random templates that are compared; more with REGENESIS_TEMPLATES. */
const randomTemplates = Number(process.env['REGENESIS_TEMPLATES'] ?? 300);

interface Rendering {
  readonly body: string;
  readonly partials: Readonly<Record<string, string>>;
  readonly variables: object;
}

const program = `
import json, sys
import jinja2
sys.stdin.reconfigure(encoding='utf-8', newline='')
texts = []
for case in json.load(sys.stdin):
    loader = jinja2.DictLoader({**case['partials'], 'body': case['body']})
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, loader=loader)
    try:
        texts.append(environment.get_template('body').render(**case['variables']))
    except Exception as error:
        texts.append('%s: %s' % (type(error).__name__, error))
sys.stdout.write(json.dumps(texts))
`;

/** What Python's jinja2 makes of templates; undefined where this machine has none. */
function renderInPython(cases: readonly Rendering[]): readonly unknown[] | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', program], { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) return undefined;
  const texts: unknown = JSON.parse(stdout);
  return Array.isArray(texts) ? texts : undefined;
}

function pythonTexts(context: Mocha.Context, cases: readonly Rendering[]): readonly unknown[] {
  const texts = renderInPython(cases);
  if (texts) return texts;
  console.log('      skipped: python3 with jinja2 is not here (pip install jinja2)');
  context.skip();
}

describe('prompts in Python\'s jinja2', () => {
  it('renders the cases of the specification as they are written down', function () {
    const cases = templateSpec();
    const texts = pythonTexts(this, cases);
    cases.forEach(({ name, expect }, index) => assert.equal(texts[index], expect, name));
  });

  it('renders every shipped prompt to the same bytes', function () {
    const files = shippedPrompts();
    const partials = Object.fromEntries([...files].filter(([file]) => file.startsWith('partials/')));
    const prompts = [...files].filter(([file]) => file.endsWith('.rgprompt') && !file.startsWith('partials/'));
    const cases = prompts.flatMap(([file, text]) => {
      const { prompt, scanned } = parsePrompt(file, text, name => files.get(name));
      assert.ok(prompt, file);
      const body = text.slice(scanned.body.start);
      return sampleVariables(prompt.stage).map(variables => ({ body, partials, variables, ours: prompt.render(variables)[0]?.content }));
    });
    const texts = pythonTexts(this, cases);
    cases.forEach(({ ours }, index) => assert.equal(ours, texts[index]));
  });

  it('renders random templates that pass the checker to the same bytes', function () {
    this.timeout(120_000);
    const seed = Math.floor(Math.random() * 2 ** 31);
    const cases = fc.sample(templateCase, { numRuns: randomTemplates, seed }).flatMap(({ body, partial, variables }) => {
      const whole = `${body}{{ task.question }}{{ structure.text }}\\boxed`;
      const { prompt } = parsePrompt('random.rgprompt', `---\nstage: path\n---\n${whole}`, () => partial);
      return prompt ? [{ body: whole, partials: { 'partials/p.rgprompt': partial }, variables, ours: prompt.render(variables)[0]?.content }] : [];
    });
    assert.ok(cases.length > randomTemplates / 2, `only ${cases.length} templates of seed ${seed} passed the checker`);
    const texts = pythonTexts(this, cases);
    cases.forEach(({ ours, body }, index) => assert.equal(ours, texts[index], `seed ${seed}, template ${JSON.stringify(body)}`));
  });

  it('renders random loops in loops over groups to the same bytes', function () {
    this.timeout(120_000);
    const seed = Math.floor(Math.random() * 2 ** 31);
    const cases = fc.sample(recordCase, { numRuns: randomTemplates, seed }).flatMap(({ body, variables }) => {
      const whole = `${body}{{ task.question }}{% for g in guidelines %}{{ g.id }}{% endfor %}`;
      const { prompt } = parsePrompt('random.rgprompt', `---\nstage: choose\n---\n${whole}`);
      return prompt ? [{ body: whole, partials: {}, variables, ours: prompt.render(variables)[0]?.content }] : [];
    });
    assert.ok(cases.length > randomTemplates / 2, `only ${cases.length} templates of seed ${seed} passed the checker`);
    const texts = pythonTexts(this, cases);
    cases.forEach(({ ours, body }, index) => assert.equal(ours, texts[index], `seed ${seed}, template ${JSON.stringify(body)}`));
  });
});
