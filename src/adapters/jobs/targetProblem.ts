import type { Problem, ProblemCode } from '../../core/model/problem.ts';

/** What the problems of a model's server are where the server is one that trains. What is not here stays what it is. */
const codes: Readonly<Partial<Record<ProblemCode, ProblemCode>>> = {
  'server-unreachable': 'target-unreachable', 'timed-out': 'target-unreachable', 'server-error': 'target-unreachable', 'server-rate-limited': 'target-unreachable',
  'server-wrong-key': 'target-refused', 'server-unknown-model': 'target-rejected', 'server-bad-request': 'target-rejected', 'context-overflow': 'target-rejected',
  'reply-unreadable': 'target-reply-unreadable',
};

/**
 * A problem of the way to a server, as one of a target. No answer may be followed by one: what cannot be reached may be tried again, whatever it failed of. Where
 * waiting will not help with a rate limit, credit is lacking, and that is a refusal.
 */
export function targetProblem(problem: Problem): Problem {
  if (problem.code === 'server-rate-limited' && problem.retryable === false) return { ...problem, code: 'target-rejected' };
  // a path that is not there, and a redirect: whatever answers is not what answered before
  const strange = problem.code === 'server-bad-request' && problem.retryable === true;
  const code = strange ? 'target-reply-unreadable' : codes[problem.code] ?? problem.code;
  return { ...problem, code, retryable: code === 'target-unreachable' || code === 'target-reply-unreadable' };
}
