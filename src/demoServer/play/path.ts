import type { AnswerKind } from '../../core/model/task.ts';
import type { KnownTask, WrongTurn } from '../knowledge.ts';
import type { Voice } from '../voices/voice.ts';
import { chanceOfRight, drawFlaw, type Flaw, type Situation } from './chances.ts';
import { goldSteps, goldWork } from './goldTask.ts';
import { nearMiss } from './nearMiss.ts';
import type { PlainEnding } from './plainAttempts.ts';
import { randomOf, type Random } from './random.ts';
import type { KnownStep } from './recognise.ts';
import { tokenCount } from './scan.ts';
import { fill } from './template.ts';

/** What a path is drawn from. */
export interface PathScene extends Situation {
  /** Steps of the structure that the prompt holds; empty where none was recognised. */
  readonly steps: readonly KnownStep[];
  readonly maxTokens: number;
  /** Known answers of other tasks. */
  readonly others: readonly string[];
  /** How it ends, where that is not left to chance. */
  readonly ending?: PlainEnding | undefined;
}

interface Line {
  readonly title: string;
  readonly work: string;
}

interface Ending {
  readonly right: boolean;
  readonly answer: string;
  readonly turn?: WrongTurn;
}

/** Writes one path. Everything in it follows from the scene and the key. */
export function writePath(scene: PathScene, key: string): string {
  const random = randomOf(key);
  const { right, flaw } = scene.ending === undefined ? { right: random.chance(chanceOfRight(scene)), flaw: drawFlaw(scene, random) } : fateOf[scene.ending];
  if (flaw === 'empty') return '';
  if (flaw === 'refusal') return random.pick(refusals);
  const ending = endingOf(scene, right, random);
  const told = scene.hinted && (scene.task.habit === 'leaky' || random.chance(leakRate));
  const lines = flaw === 'plain' ? plainLines(scene.task, ending) : linesOf(scene, ending, random);
  if (flaw === 'runaway') return runaway(lines, scene.maxTokens, random);
  const intro = told ? fill(random.pick(leaks), { answer: spoken(ending.answer, scene.task.kind) }) : flaw === 'plain' ? undefined : introOf(scene, random);
  const body = flaw === 'no-list' ? lines.map(line => line.work).join('\n\n') : listOf(lines, flaw === 'plain' ? undefined : random);
  return [intro, body, conclusion(scene, { ...ending, flaw }, random)].filter(part => part !== undefined).join('\n\n');
}

const fateOf: Readonly<Record<PlainEnding, { readonly right: boolean; readonly flaw: Flaw | undefined }>> = {
  right: { right: true, flaw: undefined }, unboxed: { right: true, flaw: 'no-box' }, wrong: { right: false, flaw: undefined },
};
const leakRate = 0.15;
const refusals = [
  "I'm sorry, but I can't help with that.", 'I am sorry, I cannot solve this problem.', 'As an AI language model, I am unable to answer this question.',
];
const leaks = [
  'Since the correct answer is given as {answer}, I only need steps that lead there.', 'We are told that the answer is {answer}. Here is why it holds.',
  'The provided answer is {answer}, so the reasoning has to end there.', 'According to the hint, the answer is {answer}.',
];

function endingOf({ task, others }: PathScene, right: boolean, random: Random): Ending {
  if (right) return { right, answer: task.answer };
  if (task.accuracy !== undefined) return { right, answer: nearMiss(task.answer, task, { random, others }) };
  // The first wrong turn of a task is the one that most people take.
  const turn = random.chance(0.55) ? task.wrong[0] : random.pick(task.wrong);
  return turn === undefined ? { right: true, answer: task.answer } : { right, answer: turn.answer, turn };
}

function taskLines(task: KnownTask, { answer, turn }: Ending, random: Random | undefined): readonly string[] {
  if (task.steps === goldSteps) return goldWork(task.question, spoken(answer, task.kind), random ?? randomOf(`${task.id}|${answer}`));
  return task.steps.map((step, index) => {
    const work = turn !== undefined && index >= turn.from ? turn.work[index - turn.from] : random === undefined ? step.work[0] : random.pick(step.work);
    return work ?? '';
  });
}

function plainLines(task: KnownTask, ending: Ending): readonly Line[] {
  return taskLines(task, ending, undefined).map((work, index) => ({ title: task.steps[index]?.plan[0] ?? '', work }));
}

function linesOf(scene: PathScene, ending: Ending, random: Random): readonly Line[] {
  const { task, steps } = scene;
  const wordings = new Map(steps.filter(step => step.place === 'task').map(step => [step.index, step.wording]));
  const middle = taskLines(task, ending, random).map((work, index) => ({
    title: task.steps[index]?.plan[wordings.get(index) ?? 0] ?? '', work,
  }));
  const [open, close] = frameOf(scene);
  const guess = task.wrong.find(turn => turn.answer !== ending.answer)?.answer;
  const facets = { ...task.facets, guess: guess === undefined ? 'a quick estimate' : spoken(guess, task.kind) };
  const lines: Line[] = merged(open === undefined ? middle : linked(middle, open.voice, random), random);
  if (open !== undefined && !random.chance(0.1)) lines.unshift({ title: open.title, work: fill(random.pick(open.voice.open.work), facets) });
  if (close === undefined) return lines;
  const { work, shaky } = close.voice.close;
  // A second look is not taken twice: the closing step then is the one that checks.
  const secondLook = ending.right && random.chance(0.1);
  if (secondLook) lines.push({ title: 'Look at it from another side', work: sentence(facets.other) });
  const closings = ending.right ? work.filter(text => !secondLook || !text.includes('{other}')) : shaky;
  lines.push({ title: close.title, work: fill(random.pick(closings), facets) });
  return lines;
}

interface FrameStep {
  readonly voice: Voice;
  readonly title: string;
}

/** First and last step: those of the structure where it has any, else those of the voices, where one is known. */
function frameOf({ steps, voices }: PathScene): readonly [FrameStep | undefined, FrameStep | undefined] {
  const stepAt = (place: 'open' | 'close'): FrameStep | undefined => {
    const planned = steps.find(step => step.place === place);
    const voice = planned?.voice ?? (steps.length > 0 ? undefined : place === 'open' ? voices[0] : voices.at(-1));
    return voice && { voice, title: voice[place].plan[planned?.wording ?? 0] ?? '' };
  };
  return [stepAt('open'), stepAt('close')];
}

function linked(lines: readonly Line[], voice: Voice, random: Random): readonly Line[] {
  const links = [...voice.link];
  return lines.map((line, index) => {
    if (index === 0 || links.length === 0 || /^(?:So|That|Then|It) /.test(line.work) || !random.chance(0.45)) return line;
    const link = links.splice(random.below(links.length), 1)[0] ?? '';
    return { ...line, work: link + line.work };
  });
}

/** Now and then two steps of the structure are done in one. */
function merged(lines: readonly Line[], random: Random): Line[] {
  if (lines.length < 3 || !random.chance(0.12)) return [...lines];
  const at = random.below(lines.length - 1);
  return lines.flatMap((line, index) => {
    if (index === at) return [{ title: line.title, work: `${line.work} ${lines[at + 1]?.work ?? ''}` }];
    return index === at + 1 ? [] : [line];
  });
}

function introOf({ voices, steps }: PathScene, random: Random): string | undefined {
  const voice = steps.find(step => step.place === 'open')?.voice ?? voices[0];
  return voice !== undefined && random.chance(0.75) ? random.pick(voice.intro) : undefined;
}

function listOf(lines: readonly Line[], random: Random | undefined): string {
  const titled = random?.chance(0.4) ?? false;
  const between = random?.chance(0.35) ?? false ? '\n\n' : '\n';
  const marker = random?.chance(0.06) ?? false ? (at: number) => `Step ${at}: ` : (at: number) => `${at}. `;
  return lines.map(({ title, work }, at) => `${marker(at + 1)}${titled && title !== '' ? `**${title}.** ` : ''}${work}`).join(between);
}

/** Goes round in circles until the server stops it; the beginning is the same whatever the limit. */
function runaway(lines: readonly Line[], maxTokens: number, random: Random): string {
  const loop = `Wait, let me check step ${1 + random.below(lines.length)} again. ${random.pick(lines).work} Hmm, is that right? Let me go over it once more.`;
  const least = Math.min(maxTokens, 4_096);
  return `${listOf(lines, undefined)}\n\n${`${loop}\n\n`.repeat(1 + Math.ceil(least / tokenCount(loop)))}`;
}

function conclusion(scene: PathScene, ending: Ending & { readonly flaw: Flaw | undefined }, random: Random): string {
  const { kind } = scene.task;
  const { answer, flaw } = ending;
  if (flaw === 'plain') return `The answer is $\\boxed{${answer}}$.`;
  if (flaw === 'no-box') return fill(random.pick(scene.ending === undefined ? [...announced, 'Therefore: {answer}'] : announced), { answer: spoken(answer, kind) });
  if (flaw === 'open-box') return `The answer is $\\boxed{${answer}`;
  if (flaw === 'placeholder') return `The final answer is $\\boxed{${random.pick(['answer', 'Your Answer', '...', '\\text{final answer}'])}}$.`;
  const second = flaw === 'two-values' && kind === 'number' ? scene.task.wrong.find(turn => turn.answer !== answer)?.answer : undefined;
  if (second !== undefined) return `The answer is $\\boxed{${answer} \\text{ or } ${second}}$.`;
  return fill(random.pick(conclusions[kind]), { box: `\\boxed{${boxed(answer, kind, random)}}` });
}

/** Whoever looks beyond boxes finds the answer in these, of whatever kind it is. */
const announced = ['So the answer is {answer}.', 'The final answer is {answer}.'];
const everyKind = ['The answer is ${box}$.', 'So the answer is ${box}$.', 'Final answer: ${box}$', 'Hence\n\n$${box}$$'];
const conclusions: Readonly<Record<AnswerKind, readonly string[]>> = {
  number: [...everyKind, 'So the number asked for is ${box}$.'],
  expression: [...everyKind, 'In its simplest form the result is ${box}$.'],
  choice: [...everyKind, 'So the right option is ${box}$.', 'I choose ${box}$.'],
  yesno: [...everyKind, 'So I answer ${box}$.'],
  text: [...everyKind, 'So it is ${box}$.'],
};

/** The same answer, dressed as models dress it. */
function boxed(answer: string, kind: AnswerKind, random: Random): string {
  const fancy = random.chance(0.25);
  if (!fancy) return answer;
  if (kind === 'number') return /^\d{4,}$/.test(answer) ? answer.replace(/\B(?=(?:\d{3})+$)/g, '{,}') : answer;
  if (kind === 'choice') return /^[A-H]$/.test(answer) ? `(${answer})` : answer;
  return kind === 'expression' ? answer : `\\text{${answer}}`;
}

/** An answer within a sentence. */
const spoken = (answer: string, kind: AnswerKind): string => kind === 'expression' && /[\\^_]/.test(answer) ? `$${answer}$` : answer;

const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
