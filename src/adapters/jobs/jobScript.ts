import { problemError } from '../../core/model/problem.ts';
import type { JobSpec, TrainingTarget } from '../../core/model/trainingJob.ts';
import { shellCommand, shellQuote } from './shellQuote.ts';

/** The targets that are told what to do by a script. */
export type ShellTarget = Extract<TrainingTarget, { readonly kind: 'slurm' | 'command' }>;

/** How a job's program ended, as its script wrote it down: `set-up 1`, `run 0`. */
export interface ScriptEnd {
  readonly phase: 'set-up' | 'run';
  readonly code: number;
}

/** What stands in the file `job/exit-code`; nothing where it is not (wholly) there. */
export function readScriptEnd(text: string): ScriptEnd | undefined {
  const [, phase, code] = /^(set-up|run) (\d{1,3})\s*$/.exec(text) ?? [];
  return phase === undefined ? undefined : { phase: phase === 'run' ? 'run' : 'set-up', code: Number(code) };
}

/** What a script begins with. */
export interface ScriptHead {
  /** Folder on the target, absolute. */
  readonly folder: string;
  /** Line by line before all else, the first being `#!…`. */
  readonly head: readonly string[];
  /** Lines of shell that are run first, in the folder. */
  readonly first?: readonly string[];
}

/**
 * The script of a job: environment, lines of set-up (the first that fails ends it), then the command; how it ended is written into `job/exit-code` in any case but
 * that of a SIGKILL.
 *
 * Throws `ProblemError`: `target-rejected` for a variable of the environment that no shell can set.
 */
export function jobScript(spec: JobSpec, target: ShellTarget, { folder, head, first = [] }: ScriptHead): string {
  return [
    ...head,
    `cd -- ${shellQuote(folder)} || exit 1`,
    ...first,
    'rm -f job/exit-code',
    'phase=set-up',
    'ended() { code=$?; trap - EXIT; printf \'%s %s\\n\' "$phase" "$code" > job/exit-code.part; mv -f job/exit-code.part job/exit-code; exit "$code"; }',
    'trap ended EXIT',
    "trap 'exit 143' TERM",
    "trap 'exit 130' INT",
    'export PYTHONUNBUFFERED=1',
    ...exportsOf(target.environment ?? {}),
    'set -e',
    ...(target.setup ?? []),
    'set +e',
    'phase=run',
    shellCommand(spec.command),
    '',
  ].join('\n');
}

function exportsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment).map(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw problemError('target-rejected', `${JSON.stringify(name)} is no name for a variable of the environment.`);
    return `export ${name}=${shellQuote(value)}`;
  });
}
