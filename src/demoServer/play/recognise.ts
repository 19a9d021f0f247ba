import type { GuidelineText, KnownTask } from '../knowledge.ts';
import type { Voice } from '../voices/voice.ts';
import { voices } from '../voices/voices.ts';
import { examplesBefore } from './examples.ts';
import { holdsHint } from './hint.ts';
import { PhraseIndex, VoteIndex, type Found } from './phrases.ts';
import { hash32 } from './random.ts';
import { scan, type Scan } from './scan.ts';
import { templateOf } from './template.ts';

/** A step of a structure that this server wrote: a voice's own first or last one, or one of the task's; `wording` tells which of its wordings. */
export interface KnownStep {
  readonly place: 'open' | 'task' | 'close';
  readonly voice?: Voice;
  /** Of the task's steps, from 0; 0 otherwise. */
  readonly index: number;
  readonly wording: number;
}

/** What a prompt is about, whatever its wording. */
export interface Recognised {
  readonly text: Scan;
  readonly task: KnownTask | undefined;
  /** Guidelines that speak in it, at most two. */
  readonly voices: readonly Voice[];
  readonly steps: readonly KnownStep[];
  /** The known answer stands in it, beside question, structure and worked examples; looked for only where a plan may stand. */
  readonly hinted: boolean;
  /** Ids of known guidelines that it offers. */
  readonly offered: readonly string[];
}

/** Votes needed before a text counts as somebody's: three runs of four words do not come about by chance. */
const leastVotes = 3;

/** Finds tasks, guidelines, structures and hints in prompts by their own texts, never by the words around them. */
export class Recogniser {
  readonly #questions = new PhraseIndex<KnownTask>();
  readonly #guidelineIds = new PhraseIndex<string>();
  readonly #guidelineTexts = new VoteIndex<Voice>();
  readonly #adapted = new VoteIndex<Voice>();
  readonly #voicePlans = new PhraseIndex<KnownStep>();
  readonly #taskPlans = new Map<KnownTask['steps'], PhraseIndex<KnownStep>>();
  readonly #facets = new Map<KnownTask['facets'], PhraseIndex<string>>();

  constructor(tasks: Iterable<KnownTask>, guidelines: readonly GuidelineText[]) {
    for (const task of tasks) this.#questions.add(task.question, task);
    for (const voice of voices) this.#addVoice(voice);
    const byId = new Map(voices.map(voice => [voice.id, voice]));
    for (const guideline of guidelines) {
      this.#guidelineIds.add(guideline.id, guideline.id);
      this.#guidelineTexts.add(guideline.text, byId.get(guideline.id) ?? voiceByWords(guideline.text));
    }
  }

  /**
   * Recognises a whole prompt.
   *
   * @param carries `advice`: a guideline or what was made of it, so that an unknown text is taken for one; `plan`: a structure, or else advice; `question`: no
   * more than that matters, and nothing else is looked for
   */
  recognise(prompt: string, carries: 'question' | 'advice' | 'plan'): Recognised {
    const text = scan(prompt);
    const task = this.#questions.findLongest(text)?.value;
    if (carries === 'question') return { text, task, voices: [], steps: [], hinted: false, offered: [] };
    const offered = [...new Set(this.#guidelineIds.findAll(text).map(found => found.value))];
    if (task === undefined) return { text, task, voices: [], steps: [], hinted: false, offered };
    const questions = this.#questions.findAll(text).filter(found => found.value === task);
    if (carries === 'advice') return { text, task, voices: this.#voicesIn(text, [], { questions, offered }), steps: [], hinted: false, offered };
    const plans = this.#plansIn(text, task);
    const steps = plans.filter(found => standsAlone(text, found)).map(found => found.value);
    const hinted = holdsHint(text, task, [...examplesBefore(text, questions[0]), ...questions, ...plans, ...this.#facetsIn(text, task)]);
    return { text, task, voices: this.#voicesIn(text, steps, { questions: undefined, offered }), steps, hinted, offered };
  }

  #addVoice(voice: Voice): void {
    this.#guidelineIds.add(voice.id, voice.id);
    for (const template of voice.adapt) for (const literal of templateOf(template).literals) this.#adapted.add(literal, voice);
    voice.open.plan.forEach((plan, wording) => this.#voicePlans.add(plan, { place: 'open', voice, index: 0, wording }));
    voice.close.plan.forEach((plan, wording) => this.#voicePlans.add(plan, { place: 'close', voice, index: 0, wording }));
  }

  #plansIn(text: Scan, { steps }: KnownTask): Found<KnownStep>[] {
    let plans = this.#taskPlans.get(steps);
    if (plans === undefined) {
      plans = new PhraseIndex<KnownStep>();
      for (const [index, step] of steps.entries()) for (const [wording, plan] of step.plan.entries()) plans.add(plan, { place: 'task', index, wording });
      this.#taskPlans.set(steps, plans);
    }
    return [...this.#voicePlans.findAll(text), ...plans.findAll(text)].toSorted((one, other) => one.from - other.from);
  }

  /** What this server itself wrote about a task: a name or a letter in it is no hint. */
  #facetsIn(text: Scan, { facets }: KnownTask): Found<string>[] {
    let phrases = this.#facets.get(facets);
    if (phrases === undefined) {
      phrases = new PhraseIndex<string>();
      for (const facet of Object.values(facets)) phrases.add(facet, facet);
      this.#facets.set(facets, phrases);
    }
    return phrases.findAll(text);
  }

  #voicesIn(text: Scan, steps: readonly KnownStep[], { questions, offered }: { readonly questions: readonly Found<KnownTask>[] | undefined; readonly offered: readonly string[] }): readonly Voice[] {
    const planned = [...new Set(steps.flatMap(step => step.voice ?? []))].slice(0, 2);
    if (planned.length > 0) return planned;
    const adapted = this.#adapted.speakers(text, leastVotes);
    if (adapted.length > 0) return adapted;
    const quoted = this.#guidelineTexts.speakers(text, leastVotes);
    if (quoted.length > 0) return quoted;
    const named = offered.flatMap(id => voices.find(voice => voice.id === id && id.includes('-')) ?? []);
    if (named.length === 1 || named.length === 2) return named;
    return questions === undefined ? [] : [voiceByWords(withoutQuoted(text, questions))];
  }
}

/** A step that is quoted stands in a line or list of its own: words of the prompt that happen to be the same do not. */
function standsAlone({ text, starts, ends }: Scan, { from, to }: Found<unknown>): boolean {
  const before = text.slice(ends[from - 1] ?? 0, starts[from]);
  const after = text.slice(ends[to - 1], starts[to] ?? text.length);
  return (from === 0 || before.includes('\n') || !isLetter(text, (ends[from - 1] ?? 0) - 1)) && (starts[to] === undefined || after.includes('\n') || !isLetter(text, starts[to]));
}

const isLetter = (text: string, at: number): boolean => /\p{L}/u.test(text.charAt(at));

/** A prompt without the questions in it. */
function withoutQuoted({ text, starts, ends }: Scan, quoted: readonly Found<unknown>[]): string {
  let rest = '';
  let at = 0;
  for (const { from, to } of quoted) {
    rest += text.slice(at, starts[from]);
    at = ends[to - 1] ?? at;
  }
  return rest + text.slice(at);
}

/** The voice for a guideline that is not of our library: the one whose vocabulary it shares, else any, but always the same one for the same text. */
function voiceByWords(text: string): Voice {
  const words = text.toLowerCase();
  const scores = voices.map(voice => voice.stems.filter(stem => words.includes(stem)).length);
  const best = Math.max(...scores);
  const voice = voices[best >= 2 ? scores.indexOf(best) : hash32(words) % voices.length];
  if (voice === undefined) throw new RangeError('there are no voices');
  return voice;
}
