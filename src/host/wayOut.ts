// What can be done about a problem, and how it is said in the editor. Knows nothing of the editor.
import type { Problem, ProblemCode } from '../core/model/problem.ts';
import type { CommandId } from './manifest.ts';
import { sentence, withoutLinks } from './words.ts';

const ways: Partial<Readonly<Record<ProblemCode, readonly CommandId[]>>> = {
  'server-unreachable': ['regenesis.run.start', 'regenesis.server.add'],
  'server-wrong-key': ['regenesis.server.add'],
  'target-refused': ['regenesis.target.key'],
  'target-not-found': ['regenesis.target.add'],
  'server-unknown-model': ['regenesis.server.add'],
  'server-bad-request': ['regenesis.server.add'],
  'server-rate-limited': ['regenesis.run.start'],
  'server-error': ['regenesis.run.start', 'regenesis.server.add'],
  'timed-out': ['regenesis.run.start', 'regenesis.server.add'],
  'no-server': ['regenesis.server.add'],
  'no-tasks': ['regenesis.tasks.import'],
  'nothing-to-export': ['regenesis.run.start', 'regenesis.review.next'],
  'run-active': ['regenesis.tasks.show', 'regenesis.run.cancel'],
  'disk-full': ['regenesis.run.start'],
  'engine-unavailable': ['regenesis.project.reopen'],
  'engine-protocol': ['regenesis.engine.restart'],
  'engine-refused': ['regenesis.project.reopen'],
  'engine-stopped': ['regenesis.run.resume'],
  'model-mismatch': ['regenesis.server.add'],
  'project-locked': ['regenesis.project.reopen'],
  'project-read-only': ['regenesis.project.reopen'],
  'project-not-found': ['regenesis.project.open', 'regenesis.project.reopen'],
  'project-newer': ['regenesis.project.open'],
  'project-older': ['regenesis.project.open'],
  'project-foreign': ['regenesis.project.open'],
  'project-damaged': ['regenesis.project.open'],
  'file-exists': ['regenesis.project.open'],
};

/** Commands that lead out of a problem, the likeliest first; the log always is one of them. */
export const waysOut = (code: ProblemCode): readonly CommandId[] => [...(ways[code] ?? []), 'regenesis.log.show'];

/** Where the engine's sentence speaks of the command line, the editor has its own. */
const ownWords: Partial<Readonly<Record<ProblemCode, string>>> = {
  'no-server': 'No inference server is set for this project. Add one, or try the built-in demo server.',
  'no-tasks': 'There are no train tasks in this project. Import some; held-out tasks are never run.',
};

/** A problem as a message: what was being done, and what went wrong. */
export function problemWords(problem: Problem, doing?: string): string {
  const message = sentence(ownWords[problem.code] ?? problem.message);
  return withoutLinks(doing === undefined ? message : `${doing}: ${message}`);
}
