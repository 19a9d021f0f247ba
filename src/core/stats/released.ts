import type { OverviewStep } from '../model/overview.ts';

/** What the released code would make of one branch; `path` is absent where the branch was lost before it had one. */
export interface ReleasedBranch {
  readonly path?: {
    /** The literal word that it looks for before anything else. */
    readonly saysBoxed: boolean;
    /** What a judge said; absent where none was asked, and then it is taken to have said yes. */
    readonly judge?: boolean;
    readonly takesAnswer: boolean;
    /** It found its steps, and the path is short enough. */
    readonly isCut: boolean;
    /** The typed grader finds it incorrect or unreadable. */
    readonly incorrect: boolean;
  };
}

/** What is left after a step of the released code, and how much of it is wrong. */
export interface ReleasedStep {
  readonly step: OverviewStep;
  readonly count: number;
  /** An expectation in the last row, since the released code draws by chance. */
  readonly incorrect: number;
}

/** Most paths that the released code keeps of one question. */
const mostKept = 5;

type Test = (path: NonNullable<ReleasedBranch['path']>) => boolean;
const saysYes: Test = path => path.saysBoxed && path.judge !== false;

/** Its steps by the rows of the overview: a branch is in a row where the test holds. It asks for nothing at `finished`, and has no step against leaks. */
const tests: readonly (readonly [step: OverviewStep, test: Test])[] = [
  ['finished', () => true],
  ['readable', path => path.saysBoxed],
  ['correct', path => saysYes(path) && path.takesAnswer],
  ['leak-free', path => saysYes(path) && path.takesAnswer],
  ['in-length', path => saysYes(path) && path.takesAnswer && path.isCut],
];

/** Counts, task by task, what the filter of the released code would have left after each of its steps. */
export class ReleasedFunnel {
  #branches = 0;
  readonly #counts = new Map<OverviewStep, { count: number; incorrect: number }>();

  /** All branches of one task. */
  add(branches: readonly ReleasedBranch[]): void {
    this.#branches += branches.length;
    const paths = branches.flatMap(branch => branch.path ?? []);
    let [left, wrong] = [0, 0];
    for (const [step, test] of tests) {
      const passed = paths.filter(test);
      [left, wrong] = [passed.length, passed.filter(path => path.incorrect).length];
      this.#count(step, left, wrong);
    }
    const kept = Math.min(mostKept, left);
    this.#count('kept', kept, left === 0 ? 0 : (kept * wrong) / left);
  }

  /** The branches, then every step of the released code in order. */
  rows(): ReleasedStep[] {
    const steps = [...tests.map(([step]) => step), 'kept'] as const;
    return [{ step: 'branches', count: this.#branches, incorrect: 0 }, ...steps.map(step => ({ step, ...this.#counts.get(step) ?? { count: 0, incorrect: 0 } }))];
  }

  #count(step: OverviewStep, count: number, incorrect: number): void {
    const sum = this.#counts.get(step) ?? { count: 0, incorrect: 0 };
    this.#counts.set(step, { count: sum.count + count, incorrect: sum.incorrect + incorrect });
  }
}
