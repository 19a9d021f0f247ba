import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { targetKinds, type TargetKind, type TrainingTarget } from '../../core/model/trainingJob.ts';
import { pickStep, typeStep, type StepAnswer, type StepPlace } from './steps.ts';
import { hostsIn, kindWords, readTarget } from './targets.ts';

/** What was said so far. An empty text leaves it as it usually is. */
interface Said {
  readonly kind?: TargetKind;
  readonly host?: string;
  readonly url?: string;
  readonly folder?: string;
  readonly python?: string;
  readonly name?: string;
}
type Asked = keyof Said;

/** What each kind is asked for, in this order. */
const questions: Readonly<Record<TargetKind, readonly Asked[]>> = {
  command: ['kind', 'host', 'folder', 'python', 'name'], slurm: ['kind', 'host', 'folder', 'python', 'name'], ray: ['kind', 'url', 'folder', 'python', 'name'], openai: ['kind', 'url', 'name'],
};

/** Asks for a target, one thing after the other. `taken`: names that there are. @returns absent where it was called off */
export async function askForTarget(taken: readonly string[]): Promise<TrainingTarget | undefined> {
  let said: Said = {};
  let at = 0;
  for (;;) {
    const asked = questions[said.kind ?? 'command'];
    const question = asked[at];
    if (question === undefined) return targetOfSaid(said);
    const answer = await ask[question]({ title: 'Add Training Target', at: at + 1, of: asked.length }, said, taken);
    if (answer === undefined) return undefined;
    if (answer === 'back') at -= 1;
    else {
      said = { ...said, ...answer };
      at += 1;
    }
  }
}

function targetOfSaid(said: Said): TrainingTarget {
  const given = Object.fromEntries(Object.entries(said).filter(([name, value]) => value !== '' && (name === 'kind' || questions[said.kind ?? 'command'].some(each => each === name))));
  const target = readTarget(given);
  if (typeof target === 'string') throw new Error(target); // each answer was looked at
  return target;
}

const ask: Readonly<Record<Asked, (place: StepPlace, said: Said, taken: readonly string[]) => Promise<StepAnswer<Said>>>> = {
  kind: async place => {
    const answer = await pickStep(place, { placeholder: 'What runs the training?', items: targetKinds.toReversed().map(of => ({ ...kindWords[of], of })) });
    return answer === 'back' || answer === undefined ? answer : { kind: answer.of };
  },
  host: async place => {
    const items = [{ label: '$(device-desktop) This Machine', description: os.hostname(), host: '' }, ...sshHosts().map(host => ({ label: host, description: '~/.ssh/config', host }))];
    const answer = await pickStep(place, { placeholder: 'Where? Choose, or type what you would say to ssh', items, typed: host => ({ label: host, description: 'over ssh', host }) });
    return answer === 'back' || answer === undefined ? answer : { host: answer.host };
  },
  url: async (place, { kind = 'openai', url }) => {
    const usual = kind === 'ray' ? 'http://127.0.0.1:8265' : 'https://api.openai.com/v1';
    const prompt = kind === 'ray' ? 'Address of the Ray dashboard.' : 'Base URL of the API; it ends in /v1.';
    return text('url', typeStep(place, { prompt, value: url ?? usual, wrong: value => wrongIn({ kind, name: 'new', url: value }) }));
  },
  folder: async (place, { folder }) => text('folder', typeStep(place, { prompt: 'Folder for jobs over there, absolute or below the home folder. Empty: regenesis.', value: folder ?? '' })),
  python: async (place, { python }) => text('python', typeStep(place, { prompt: 'The Python that has what training needs, such as /opt/venv/bin/python. Empty: python3.', value: python ?? '' })),
  name: async (place, said, taken) => text('name', typeStep(place, {
    prompt: 'What is it called?', value: said.name ?? proposed(said, taken),
    wrong: name => (name === '' ? 'A name is needed.' : taken.includes(name) ? `There is a target ${name} already.` : undefined),
  })),
};

async function text(name: Asked, asked: Promise<StepAnswer<{ readonly text: string }>>): Promise<StepAnswer<Said>> {
  const answer = await asked;
  return answer === 'back' || answer === undefined ? answer : { [name]: answer.text };
}

function wrongIn(target: object): string | undefined {
  const read = readTarget(target);
  return typeof read === 'string' ? `The ${read}.` : undefined;
}

/** A name that says where it is, and that nothing else has. */
function proposed({ kind = 'command', host = '', url = '' }: Said, taken: readonly string[]): string {
  const place = host !== '' ? host : URL.canParse(url) ? new URL(url).hostname : '';
  const name = place === '' ? { command: 'this machine', slurm: 'slurm', ray: 'ray', openai: 'api' }[kind] : kind === 'slurm' ? `${place} slurm` : place;
  for (let more = 1; ; more += 1) {
    const each = more === 1 ? name : `${name} ${more}`;
    if (!taken.includes(each)) return each;
  }
}

function sshHosts(): readonly string[] {
  try {
    return hostsIn(fs.readFileSync(path.join(os.homedir(), '.ssh', 'config'), 'utf8'));
  } catch {
    return []; // there is none, or it is not ours to read: a host can be typed
  }
}
