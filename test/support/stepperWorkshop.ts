import { sha256 } from '../../src/adapters/hash.ts';
import type { BodyOf, events, RunChoices } from '../../src/contract/engine.ts';
import { problemOf } from '../../src/core/model/problem.ts';
import { estimateTokens } from '../../src/core/verify/tokens.ts';
import { Session } from '../../src/engine/session.ts';
import type { Store } from '../../src/ports/store.ts';
import { aTask } from './builders.ts';
import { noJobs } from './fakeJobs.ts';
import { FakeModel, SwiftClock, type Script } from './fakeModel.ts';
import { memoryFiles } from './memoryFiles.ts';
import { MemoryStore } from './memoryStore.ts';
import { shippedPrompts } from './promptFiles.ts';

/** The task and the branch that tests step through. */
export const task = 'set/1';
/** See `task`. */
export const branch = 'guideline:design-experiment';

/** A model whose answers say what they were made from, so that every one is another. */
export const telling: Script = ({ stage, seed, messages }) => {
  const seen = sha256(JSON.stringify([messages, seed])).slice(0, 8);
  if (stage === 'structure') return `1. Plan ${seen}\n2. Multiply`;
  return stage === 'path' ? `1. By ${seen}.\n2. So it is \\boxed{18}.` : `Mind ${seen}.`;
};

/** An engine with one project of some tasks, and a person at it. `judge`: another model, which answers what the judge is asked at an address of its own. */
export async function stepperWorkshop({ script = telling, tasks = 1, judge, store = new MemoryStore(), jobs = noJobs }: { script?: Script; tasks?: number; judge?: FakeModel; store?: Store; jobs?: typeof noJobs } = {}) {
  store.addTasks(Array.from({ length: tasks }, (_, index) => aTask({ id: `set/${index + 1}` })));
  const model = new FakeModel(script);
  const heard: { name: keyof typeof events; body: unknown }[] = [];
  const unused = () => { throw new Error('not needed here'); };
  const waiting = new Set<() => void>();
  const files = memoryFiles();
  /** Prompts of the workspace, and the projects that were made to be thrown away. */
  const own = new Map<string, string>();
  const scratches: MemoryStore[] = [];
  const scratch = () => {
    const made = new MemoryStore('/scratch/try.regenesis');
    scratches.push(made);
    return made;
  };
  const session = new Session({
    app: 'test', host: 'here', pid: 1, node: 'v24', openStore: path => (path.startsWith('/scratch/') ? scratch() : store), ...jobs, rows: { open: unused },
    files: { ...files, prompts: () => new Map([...shippedPrompts(), ...own]) }, clock: new SwiftClock(), hash: sha256,
    loadCl100k: async () => estimateTokens, understanding: 'test', createModel: ({ baseUrl }) => (judge?.baseUrl === baseUrl ? judge : model),
    emit: (name, body) => {
      heard.push({ name, body });
      for (const wake of waiting) wake();
    },
  });
  const { handlers } = session;
  await handlers.openProject({ path: store.path });
  await handlers.setServer({ server: { baseUrl: model.baseUrl, model: 'fake', simulated: true, ...(judge ? { judge: { baseUrl: judge.baseUrl, model: 'fake', simulated: true } } : {}) } });
  const place = { task, round: 1 as const, branch };
  const told = <Name extends keyof typeof events>(name: Name) => heard.filter(each => each.name === name).map(each => each.body as BodyOf<(typeof events)[Name]>);
  const until = async (happened: () => boolean) => {
    while (!happened()) await new Promise<void>(resolve => { waiting.add(resolve); });
  };
  /** Starts a step and waits for its end. */
  const step = async (toEnd = false, at: { task: string; round: 1 | 2; branch: string } = place) => {
    const ended = told('branchStepped').length;
    const started = await (toEnd ? handlers.runBranch(at) : handlers.runStage(at));
    if (started.stage !== null) await until(() => told('branchStepped').length > ended);
    return { ...started, end: told('branchStepped').at(-1) };
  };
  const states = async (at: { task: string; round: 1 | 2; branch: string } = place) => Object.fromEntries((await handlers.branchStages(at)).stages.map(({ stage, state }) => [stage, state]));
  const run = async (choices: RunChoices = {}) => {
    const ended = told('runEnded').length;
    await handlers.startRun(choices);
    await until(() => told('runEnded').length > ended);
  };
  const codeOf = async (promise: Promise<unknown>) => problemOf(await promise.then(() => undefined, (thrown: unknown) => thrown)).code;
  return { store, model, session, handlers, place, told, until, step, states, run, codeOf, files, own, scratches };
}
