import type { methods, ParamsOf, ResultOf, TrialChoices } from '../../contract/engine.ts';
import type { PromptChoice, PromptPlace, PromptPreview, PromptStaleness } from '../../contract/prompts.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import type { Store } from '../../ports/store.ts';
import type { Asking } from '../asking.ts';
import type { EngineDependencies } from '../dependencies.ts';
import type { Fleets } from '../fleets.ts';
import type { BranchContexts } from '../stepper/branchContexts.ts';
import { budgetOf } from './budget.ts';
import { askedByEvaluations, isOfEvaluations, previewOfEvaluation } from './evaluationPreview.ts';
import { stalenessOfEvaluation } from './evaluationStaleness.ts';
import { findPrompt, promptTexts, type FoundPrompt, type PromptTexts } from './findPrompt.ts';
import { lookAt, previewOf, valuesOf } from './preview.ts';
import { stalenessOf } from './staleness.ts';
import { planTrial, runTrial, type Trying } from './trial.ts';

/** How often it is told how far a trial is. */
const tellEveryMs = 250;

/** What prompts that are being written are looked at with. */
export interface PromptDeskOptions {
  readonly dependencies: EngineDependencies;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
  readonly fleets: Fleets;
  readonly contexts: BranchContexts;
}

type Names = 'previewPrompt' | 'promptStaleness' | 'promptValues' | 'promptBudget' | 'planTrial' | 'tryPrompt';
/** The methods about prompts that are being written. */
export type PromptHandlers = { readonly [N in Names]: (params: ParamsOf<(typeof methods)[N]>, asking?: Asking) => Promise<ResultOf<(typeof methods)[N]>> };

/** Says of prompts that are being written what they would do to a project. Nothing that it does changes the project. */
export class PromptDesk {
  readonly handlers: PromptHandlers;
  readonly #options: PromptDeskOptions;
  /** Trials and countings that go on. */
  readonly #works = new Map<AbortController, Promise<unknown>>();
  #trials = 0;

  constructor(options: PromptDeskOptions) {
    this.#options = options;
    this.handlers = {
      previewPrompt: async params => this.#preview(params),
      promptValues: async params => valuesOf(await lookAt(this.#looking(params), this.#find(params), params)),
      promptBudget: async params => budgetOf(this.#looking({}), this.#find(params)),
      promptStaleness: async (params, asking) => this.#work(asking, signal => this.#staleness(params, signal)),
      planTrial: async (choices, asking) => this.#work(asking, signal => planTrial(this.#trying(choices, signal))),
      tryPrompt: async (choices, asking) => this.#work(asking, signal => this.#try(choices, signal)),
    };
  }

  /** Whether a trial goes on: it asks a model. */
  get trying(): boolean {
    return this.#trials > 0;
  }

  /** Calls off whatever goes on, and resolves when nothing does any more. */
  async close(): Promise<void> {
    for (const stop of this.#works.keys()) stop.abort();
    await Promise.allSettled(this.#works.values());
  }

  #looking(request: Pick<PromptPlace, 'offline'>) {
    return { store: this.#options.store(), contexts: this.#options.contexts.for(request) };
  }

  #texts({ overlay }: Pick<PromptChoice, 'overlay'>): PromptTexts {
    const { dependencies, store } = this.#options;
    return promptTexts(dependencies, store(), overlay);
  }

  /** Where a recipe uses a file. Throws `usage` for one that evaluations ask. */
  #find(choice: PromptChoice): FoundPrompt {
    const { dependencies, store } = this.#options;
    const [texts, { file }] = [this.#texts(choice), choice];
    if (file !== undefined && isOfEvaluations(file, texts.unsaved)) throw askedByEvaluations(file);
    return findPrompt(dependencies, store(), { choice, texts });
  }

  async #preview(place: PromptPlace): Promise<PromptPreview> {
    const { file, task } = place;
    const { unsaved } = this.#texts(place);
    if (file !== undefined && isOfEvaluations(file, unsaved)) return previewOfEvaluation(this.#looking(place), unsaved, { file, task });
    return previewOf(this.#looking(place), this.#find(place), place);
  }

  async #staleness({ overlay, file, most, offline }: ParamsOf<(typeof methods)['promptStaleness']>, signal: AbortSignal): Promise<PromptStaleness> {
    const { dependencies, store, contexts } = this.#options;
    const counting = { dependencies, contexts: contexts.for({ offline }), store: store(), texts: this.#texts({ overlay }), signal, ...withoutAbsent({ file, most }) };
    return { recipes: await stalenessOf(counting), ...withoutAbsent({ evaluation: await stalenessOfEvaluation(counting) }) };
  }

  #trying(choices: TrialChoices, signal: AbortSignal): Trying {
    const { dependencies, store, fleets } = this.#options;
    return { dependencies, store: store(), fleets, found: this.#find(choices), choices, signal };
  }

  async #try(choices: TrialChoices, signal: AbortSignal): Promise<ResultOf<(typeof methods)['tryPrompt']>> {
    this.#trials += 1;
    try {
      return await runTrial(this.#trying(choices, signal), this.#teller(choices));
    } finally {
      this.#trials -= 1;
    }
  }

  /** Tells how far a trial is, to whoever named it. */
  #teller({ work }: TrialChoices): (done: number, total: number) => void {
    const { emit, clock } = this.#options.dependencies;
    let [told, toldMs] = [-1, -Infinity];
    return (done, total) => {
      if (work === undefined || done === told || (done < total && clock.monotonicMs() - toldMs < tellEveryMs)) return;
      [told, toldMs] = [done, clock.monotonicMs()];
      emit('trialProgress', { work, done, total });
    };
  }

  async #work<Result>(asking: Asking | undefined, begin: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const stop = new AbortController();
    const result = begin(AbortSignal.any([stop.signal, ...(asking ? [asking.signal] : [])]));
    this.#works.set(stop, result);
    try {
      return await result;
    } finally {
      this.#works.delete(stop);
    }
  }
}
