import { sha256 } from '../src/adapters/hash.ts';
import { branchId, fingerprint, taskId } from '../src/core/model/ids.ts';
import type { BranchOutcome } from '../src/core/model/outcome.ts';
import { shippedRecipe } from './released.ts';
import { withStore } from './stored.ts';

/** A task with one path, as a model, or whoever made its data set, may have written it to harm whoever reads it. */
export interface HostileTask {
  readonly name: string;
  readonly question: string;
  readonly gold: string;
  readonly structure: string;
  readonly path: string;
  /** It was shown the known answer, and what it says may be a leak. */
  readonly hinted?: true;
}

/** A page that is asked for by a text. */
const elsewhere = 'http://elsewhere.test';

const markup = [
  '<script>globalThis.hit = 1</script>',
  `<img src=${elsewhere}/pixel.png onerror="globalThis.hit = 1">`,
  '<p style="position:fixed;inset:0;z-index:99" onclick="globalThis.hit = 1">cover</p>',
  `<style>@import "${elsewhere}/x.css"; body { display: none }</style>`,
  `<svg xmlns="http://www.w3.org/2000/svg" onload="globalThis.hit = 1"><image href="${elsewhere}/y.png"/><a href="javascript:globalThis.hit=1">x</a></svg>`,
  `<iframe src="${elsewhere}/" srcdoc="<script>parent.hit=1</script>"></iframe><object data="${elsewhere}/o"></object><link rel=stylesheet href="${elsewhere}/l.css">`,
  `[click](javascript:globalThis.hit=1) ![p](${elsewhere}/p.png) <${elsewhere}/auto> [r]: ${elsewhere}/r`,
  '| a | b |\n|:-:|--:|\n| <b onmouseover=hit=1>1</b> | 2 |',
  '${globalThis.hit = 1} {{constructor.constructor("hit=1")()}} "><script>globalThis.hit=1</script>',
].join('\n\n');

const formulas = [
  '$\\href{javascript:globalThis.hit=1}{x}$', `$\\includegraphics[width=9999em]{${elsewhere}/g.png}$`, `$\\url{${elsewhere}/u}$`, '$\\htmlStyle{position:fixed}{y}$ $\\htmlClass{top}{z}$',
  '$\\phantom{ghost} \\hspace{-40em} \\text{over}$', '$\\rule{9999em}{9999em}$', '$\\rule[-9999em]{9999em}{9999em}$', '$\\raisebox{9999em}{up}$', '$\\kern9999em x$', '$\\Huge\\Huge a^{a^{a^{a}}}$',
].join('\n\n');

const directions = 'total 18\u202E81\u202C and zero\u200Bwidth\u2066 \u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 \u{E0041}tag, combined Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319\u0324\u031E\u0349\u035A\u032F\u031E\u0320\u034DA\u036B\u0357\u0334\u0362\u0335\u031C\u0330\u0354L\u0368\u0367\u0369\u0358\u0320G\u0311\u0357\u030E\u0305\u035B\u0341\u0334\u033B\u0348\u034D\u0354\u0339O\u0342\u030C\u030C\u0358\u0328\u0335\u0339\u033B\u031D\u0333';

/** Macros of macros, which come to 2^40 letters for whoever expands them, and groups in groups. */
const bombs = [
  `$\\def\\a{xx}${Array.from({ length: 40 }, (_, at) => `\\def\\${String.fromCharCode(98 + (at % 25))}{\\${String.fromCharCode(97 + (at % 25))}\\${String.fromCharCode(97 + (at % 25))}}`).join('')}\\z$`,
  '$\\def\\r{\\r\\r}\\r$', '$\\newcommand{\\q}[1]{\\q{#1#1}}\\q{x}$', '$\\let\\s\\t\\let\\t\\s\\s$', '$\\edef\\w{\\w\\w}\\w$',
  `$${'\\frac{1}{'.repeat(150)}1${'}'.repeat(150)}$`, `$${'\\sqrt{'.repeat(250)}x${'}'.repeat(250)}$`, `$${'x^{'.repeat(400)}y${'}'.repeat(400)}$`, `$${'\\left('.repeat(150)}z${'\\right)'.repeat(150)}$`,
  `$\\begin{array}{${'c'.repeat(300)}}${'a&'.repeat(299)}b\\end{array}$`, `$${'\\overbrace{\\underbrace{'.repeat(60)}x${'}}'.repeat(60)}$`, `$${'{'.repeat(900)}x${'}'.repeat(900)}$`,
];

const answer = '\n\nThe answer is $\\boxed{4}$.';
const plan = '1. Read the numbers.\n2. Add them.\n3. State the sum.';
const said = '1. The numbers are 2 and 2.\n2. Their sum is 2 + 2 = 4.\n3. So the sum is 4.';

/** A task like any other. */
export const smallTask: HostileTask = { name: 'small', question: 'How much is 2 + 2?', gold: '4', structure: plan, path: `${said}${answer}` };

/** Every text that may harm, each in all places where a text of a model or of a data set is shown. */
export const hostileTasks: readonly HostileTask[] = [
  { name: 'markup', question: markup, gold: `4 ${markup}`, structure: `${plan}\n4. ${markup.replaceAll('\n', ' ')}`, path: `${said}\n4. ${markup.replaceAll('\n\n', '\n   ')}\n\n${markup}${answer}` },
  { name: 'formulas', question: formulas, gold: '$\\href{javascript:globalThis.hit=1}{4}$', structure: `${plan}\n4. ${formulas.replaceAll('\n', ' ')}`, path: `${said}\n\n${formulas}${answer}` },
  { name: 'directions', question: `${directions} `.repeat(30), gold: `4\u202E\u200B`, structure: `${plan}\n4. ${directions}`, path: `${said}\n\n${directions}${answer}` },
  { name: 'hinted', question: markup, gold: '4', structure: plan, path: `As given, the known answer is 4. ${markup}\n\n${said}${answer}`, hinted: true },
  { name: 'one word', question: 'w'.repeat(4_000), gold: 'g'.repeat(4_000), structure: `1. ${'s'.repeat(4_000)}`, path: `1. ${'p'.repeat(4_000)}${answer}` },
];

/** Texts that are large beyond use; each is one figure. */
export const largeTasks = {
  '10mb': { name: '10mb', question: 'How much is 2 + 2?', gold: '4', structure: plan, path: `${'So 2 + 2 = 4 and $x+1$ is *more*, '.repeat(303_030)}${answer}` },
  '5000steps': {
    name: '5000steps', question: 'How much is 2 + 2?', gold: '4', structure: Array.from({ length: 5_000 }, (_, step) => `${step + 1}. Add ${step} to the sum of the step before and keep it.`).join('\n'),
    path: `${Array.from({ length: 5_000 }, (_, step) => `${step + 1}. Adding ${step} to the sum gives $s_{${step}} = ${(step * (step + 1)) / 2}$, which we keep.`).join('\n')}${answer}`,
  },
  'latex': { name: 'latex', question: bombs.join(' '), gold: '4', structure: `${plan}\n4. ${bombs.join(' ')}`, path: `${Array.from({ length: 300 }, (_, step) => `${step + 1}. ${bombs[step % bombs.length] ?? ''} and $\\sum_{i=1}^{${step}} \\frac{i}{\\sqrt{i+1}}$.`).join('\n')}${answer}` },
} as const satisfies Readonly<Record<string, HostileTask>>;

/** Makes a project of such tasks as a run would have, through the store. Each path was kept, and they come in the order in which they are given. */
export function writeHostileProject(file: string, tasks: readonly HostileTask[]): void {
  const recipe = shippedRecipe('regenesis');
  const chain = recipe.rounds[1].chain.at(-1);
  const guideline = recipe.rounds[1].guidelines[0]?.id;
  if (!chain || guideline === undefined) throw new Error('the recipe has no stage, or no guideline');
  withStore(file, { create: true }, store => {
    store.recordRecipe(recipe);
    const runId = store.startRun({ baseUrl: 'http://127.0.0.1:1/v1', model: 'none', identity: 'none', simulated: false, tasks: tasks.length, startedAtMs: 0, recipeId: recipe.id, recipeName: recipe.name, mode: 'all', filter: 'typed' });
    const branch = branchId(`guideline:${guideline}`);
    for (const [at, task] of tasks.entries()) {
      const id = taskId(`hostile/${at}`);
      const round = task.hinted === true ? 2 : 1;
      const print = (stage: string) => fingerprint(`${String(at).padStart(4, '0')}${sha256(`${at} ${stage}`).slice(4)}`);
      store.addTasks([{ id, question: task.question, gold: task.gold, answerKind: 'number', split: 'train', origin: { dataset: 'hostile' } }]);
      for (const stage of ['structure', 'path'] as const) {
        const wanted = { taskId: id, stage, round, branch, sample: 0, fingerprint: print(stage), seed: 1 } as const;
        const [attemptId] = store.commit({ sent: [{ runId, call: { stage, messages: [{ role: 'user', content: task.question }], sampling: chain.sampling, answers: [wanted] }, retry: 0, sentAtMs: 0 }] });
        if (attemptId === undefined) throw new Error('the store gave no id');
        store.commit({ settled: [{ attemptId, state: 'answered', endedAtMs: 1, usage: { inputTokens: 1, outputTokens: 1 }, answers: [{ ...wanted, raw: task[stage], finish: 'stop', outputTokens: 1 }] }] });
      }
      const kept: BranchOutcome = {
        id: branch, round, guidelines: [guideline], answers: { structure: print('structure'), path: print('path') }, failed: [], order: 0, hinted: task.hinted === true,
        verdicts: [{ checker: 'typed', kind: 'correct', extracted: task.gold, reason: 'equal' }],
      };
      store.commit({ outcomes: [{ taskId: id, runId, state: 'solved', branches: [kept], notNeeded: 0 }] });
    }
    store.endRun(runId, 'completed', 1);
  });
}
