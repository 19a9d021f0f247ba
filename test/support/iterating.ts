import { sha256 } from '../../src/adapters/hash.ts';
import type { RunChoices } from '../../src/contract/engine.ts';
import type { RunReport } from '../../src/contract/reports.ts';
import { problemError, type Problem } from '../../src/core/model/problem.ts';
import type { TrainingTarget } from '../../src/core/model/trainingJob.ts';
import { estimateTokens } from '../../src/core/verify/tokens.ts';
import { Session } from '../../src/engine/session.ts';
import { aTask } from './builders.ts';
import { FakeRunner, memoryJobFiles } from './fakeJobs.ts';
import { FakeModel, SwiftClock, type Script } from './fakeModel.ts';
import { memoryFiles } from './memoryFiles.ts';
import { MemoryStore } from './memoryStore.ts';
import { shippedPrompts } from './promptFiles.ts';

/** Where the models of the project are served. */
export const address = 'http://models/v1';

/** Solves the tasks below a number; of the others each draw says something else, or the same. */
export const solving = (below: number, { alike = false } = {}): Script => ({ stage, seed, messages }) => {
  if (stage === 'adapt') return 'Mind the factors.';
  if (stage === 'structure') return '1. Read\n2. Multiply';
  const number = Number(/Question (\d+)/.exec(messages.map(({ content }) => content).join('\n'))?.[1]);
  const answer = number < below ? number : 100 + (alike ? 0 : seed % 7);
  return `1. In draw ${seed} it was counted.\n2. It is \\boxed{${answer}}.`;
};

/** One model of a server that has several, each with an identity of its own. */
class NamedModel extends FakeModel {
  readonly name: string;
  readonly isServed: () => boolean;

  constructor(name: string, { script, isServed }: { readonly script: Script; readonly isServed: () => boolean }) {
    super(script, address);
    this.name = name;
    this.isServed = isServed;
    this.identity = () => `identity of ${name}`;
  }

  override async describe() {
    if (!this.isServed()) throw problemError('server-unknown-model', `${address} does not serve ${this.name}.`);
    return { ...await super.describe(), model: this.name };
  }
}

/** A project on a server with a base model, which serves what it is told to load. `loads`: why it cannot, where it cannot. */
export async function iteratingWorkshop({ tasks = 3, scripts = {}, loads }: { readonly tasks?: number; readonly scripts?: Readonly<Record<string, Script>>; readonly loads?: Problem } = {}) {
  const store = new MemoryStore();
  store.addTasks(Array.from({ length: tasks }, (_, index) => ({ ...aTask({ id: `set/${index}`, gold: String(index) }), question: `Question ${index} of the set?` })));
  const [served, loaded, files, ended] = [new Set(['base']), [] as { name: string; path: string }[], new Map<string, string>(), [] as RunReport[]];
  const models = new Map<string, NamedModel>();
  const modelNamed = (name: string) => {
    const made = models.get(name) ?? new NamedModel(name, { script: scripts[name] ?? solving(4), isServed: () => served.has(name) });
    models.set(name, made);
    return made;
  };
  const unused = () => { throw new Error('not needed here'); };
  const runner = new FakeRunner();
  const session = new Session({
    app: 'test', host: 'here', pid: 1, node: 'v24', openStore: () => store, rows: { open: unused }, files: { ...memoryFiles(), prompts: shippedPrompts }, jobFiles: memoryJobFiles(files),
    clock: new SwiftClock(), hash: sha256, loadCl100k: async () => estimateTokens, understanding: 'test', createJobRunner: () => runner, createModel: ({ model }) => modelNamed(model ?? 'base'),
    loadAdapter: async ({ name, path }) => {
      loaded.push({ name, path });
      if (!loads) served.add(name);
      return loads;
    },
    emit: (name, body) => { if (name === 'runEnded') ended.push(body as RunReport); },
  });
  const { handlers } = session;
  await handlers.openProject({ path: store.path });
  await handlers.setServer({ server: { baseUrl: address, model: 'base', simulated: false } });
  const run = async (choices: RunChoices = {}) => {
    const { runId } = await handlers.startRun(choices);
    for (;;) {
      const report = ended.find(each => each.runId === runId);
      if (report) return report;
      await new Promise(resolve => { setImmediate(resolve); });
    }
  };
  return { store, session, handlers, served, loaded, files, run, modelNamed, job: aJob(store, files) };
}

/** Adds a job that has succeeded, as it stands after its training. `from`: the runs that its manifest names; absent: there is no manifest any more. */
const aJob = (store: MemoryStore, files: Map<string, string>) => ({ from, target = { kind: 'command', name: 'here' }, adapter = 'lora', model = 'output', state = 'succeeded' }: {
  readonly from?: readonly number[]; readonly target?: TrainingTarget; readonly adapter?: string; readonly model?: string; readonly state?: 'succeeded' | 'running';
} = {}): number => {
  const number = store.jobs.all().length + 1;
  const path = `/p/set.jobs/${number}/train.jsonl`;
  const runs = from && store.runs().filter(({ id }) => from.includes(id)).map(({ id, recipeId, identity }) => ({ id, recipeId, identity }));
  if (runs) files.set(`${path}.manifest.json`, JSON.stringify({ runs }));
  const { id } = store.jobs.add({
    target, preset: 'lora', retry: 0, createdAtMs: 2 ** 40,
    spec: { key: String(number).repeat(64).slice(0, 64), title: 'set', model: 'org/base', files: [], command: [], hyperparameters: { method: 'sft', adapter } },
    dataset: { path, format: 'chat', sha256: `${number}f`.repeat(32), manifestSha256: '', records: 9, tasks: 4, hinted: 0, humanEdited: 0, reviewed: 0, simulated: false },
  });
  store.jobs.note(id, { event: { atMs: 2, state, model }, facts: { weightsSha256: `${number}a`.repeat(32) } });
  return id;
};
