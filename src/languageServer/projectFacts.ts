import { once } from 'node:events';
import { CancellationTokenSource, ErrorCodes, ResponseError, type Connection } from 'vscode-languageserver/node';
import * as z from 'zod/mini';
import type { Method } from '../contract/engine.ts';
import { projectRequests } from '../contract/promptLanguage.ts';
import { messageOf } from '../core/model/problem.ts';
import type { ProjectFacts } from '../promptLanguage/workspace.ts';

/** What the project knows, asked of the editor, which knows the project. An editor that does not, or a request that fails or is called off, knows nothing. */
export function projectFactsOver(connection: Pick<Connection, 'sendRequest' | 'console'>): ProjectFacts {
  const ask = async <Params, Result>({ name, result }: Method<Params, Result | null>, params: Params, signal: AbortSignal): Promise<Result | undefined> => {
    if (signal.aborted) return undefined;
    const source = new CancellationTokenSource();
    const calledOff = once(signal, 'abort').then(() => { source.cancel(); return null; });
    try {
      return z.parse(result, await Promise.race([connection.sendRequest<unknown>(name, params, source.token), calledOff])) ?? undefined;
    } catch (thrown) {
      if (!(thrown instanceof ResponseError && thrown.code === ErrorCodes.MethodNotFound)) connection.console.warn(`${name}: ${messageOf(thrown)}`);
      return undefined;
    }
  };
  return {
    values: (uri, stage, signal) => ask(projectRequests.values, { uri, stage }, signal),
    staleness: (uri, signal) => ask(projectRequests.staleness, { uri }, signal),
    budget: (uri, signal) => ask(projectRequests.budget, { uri }, signal),
  };
}
