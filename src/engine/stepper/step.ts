import type { RunChoices } from '../../contract/engine.ts';
import type { BranchPlace } from '../../contract/stepper.ts';
import type { WantedCall } from '../../core/model/answer.ts';
import type { RunId } from '../../core/model/ids.ts';
import { problemOf, type Problem } from '../../core/model/problem.ts';
import type { ModelStage } from '../../core/model/stage.ts';
import type { TaskContext } from '../../core/plan/context.ts';
import type { ServerDescription } from '../../ports/languageModel.ts';
import type { Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import type { Fleets, SharedFleet } from '../fleets.ts';
import { usualRequestTimeoutMs } from '../settings.ts';
import { StepLine } from './stepLine.ts';
import { readBranch } from './steppedBranch.ts';

/** What one step is made of. */
export interface StepOptions {
  readonly store: Store;
  readonly context: TaskContext;
  readonly dependencies: EngineDependencies;
  readonly fleets: Fleets;
  readonly shared: SharedFleet;
  readonly server: ServerDescription;
  /** As the run of its receipts keeps them; no key in them. */
  readonly choices: RunChoices;
  readonly place: BranchPlace;
  /** Goes on to the end of the branch; else it ends with the stage that it begins with. */
  readonly toEnd: boolean;
  readonly first: ModelStage;
  /** Tells of a text as it is written. */
  readonly open: (stage: ModelStage) => { readonly onText: (text: string) => void; readonly end: () => void };
  /** Told when another stage is asked, or one has ended. */
  readonly changed: () => void;
}

/** How a step ended. */
export interface StepEnd {
  readonly state: 'completed' | 'failed' | 'cancelled';
  readonly problem?: Problem;
  /** The run of its receipts; absent where nothing was sent. */
  readonly run?: RunId;
}

/** Asks for one stage of a branch, or for all that are left: what it wants is read from the facts before each call, as a run does. A call that fails is not sent again by itself, since a person is there. */
export class Step {
  readonly #options: StepOptions;
  readonly #line: StepLine;
  #stage: ModelStage;
  #ended: Promise<StepEnd> | undefined;
  problem: Problem | undefined;

  constructor(options: StepOptions) {
    this.#options = options;
    this.#stage = options.first;
    const { dependencies: { clock, requestTimeoutMs = usualRequestTimeoutMs }, store, shared: { fleet }, fleets: { answers } } = options;
    this.#line = new StepLine({ store, clock, fleet, answers, timeoutMs: requestTimeoutMs, beginRun: () => this.#beginRun() });
  }

  get shared(): SharedFleet {
    return this.#options.shared;
  }

  /** The stage that is asked at this moment. */
  get stage(): ModelStage {
    return this.#stage;
  }

  /** Resolves when it has ended. */
  get ended(): Promise<unknown> {
    return this.#ended ?? Promise.resolve();
  }

  stop(): void {
    this.#line.stop();
  }

  /** Never rejects. */
  run(): Promise<StepEnd> {
    this.#ended ??= this.#run();
    return this.#ended;
  }

  async #run(): Promise<StepEnd> {
    let end: StepEnd = { state: 'completed' };
    try {
      await this.#askAll();
    } catch (thrown) {
      const problem = problemOf(thrown);
      end = problem.code === 'cancelled' ? { state: 'cancelled' } : { state: 'failed', problem };
    }
    this.problem = end.problem;
    this.#line.end();
    const { run } = this.#line;
    if (run === undefined) return end;
    const stored = this.#storeEnd(run, end);
    return { ...stored, run };
  }

  async #askAll(): Promise<void> {
    const { store, context, place, toEnd, first, open, changed } = this.#options;
    for (;;) {
      const { state } = readBranch(store, context, place).branch;
      if (state?.kind !== 'wants' || (!toEnd && state.stage !== first)) return;
      this.#stage = state.stage;
      changed();
      const text = open(state.stage);
      try {
        await this.#line.ask(onlyWanted(state), text.onText);
      } finally {
        text.end();
      }
    }
  }

  #beginRun(): RunId {
    const { store, context, server, choices, place, dependencies: { clock } } = this.#options;
    const { recipe, mode, filter, task } = context;
    store.recordRecipe({ id: recipe.id, name: recipe.name, files: recipe.files });
    return store.startRun({
      recipeId: recipe.id, recipeName: recipe.name, mode, filter, baseUrl: server.baseUrl, model: server.model, identity: server.identity, simulated: server.simulated,
      tasks: 1, startedAtMs: clock.nowMs(),
      choices: { ...choices, tasks: [task.id], lane: 'interactive', server: server.baseUrl, model: server.model, step: { task: task.id, round: place.round, branch: place.branch } },
    });
  }

  #storeEnd(run: RunId, end: StepEnd): StepEnd {
    const { store, dependencies: { clock } } = this.#options;
    try {
      store.commit({ run: { id: run, calls: this.#line.calls, cached: 0, failed: end.problem ? { [end.problem.code]: 1 } : {} } });
      store.endRun(run, end.state, clock.nowMs(), end.problem);
      return end;
    } catch (thrown) {
      return { state: 'failed', problem: problemOf(thrown) };
    }
  }
}

/** Of a request for many samples, the one that this branch is: the draws are the same whether they are asked for together or alone. */
function onlyWanted({ call, fingerprint }: { readonly call: WantedCall; readonly fingerprint: string }): WantedCall {
  return { ...call, answers: call.answers.filter(answer => answer.fingerprint === fingerprint) };
}
