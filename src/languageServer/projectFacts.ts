import { CancellationTokenSource, type Connection } from 'vscode-languageserver/node';
import * as z from 'zod/mini';
import type { Method } from '../contract/engine.ts';
import { projectRequests } from '../contract/promptLanguage.ts';
import { messageOf } from '../core/model/problem.ts';
import type { ProjectFacts } from '../promptLanguage/workspace.ts';

/** What the project knows, asked of the editor, which knows the project. An editor that does not, or a request that fails, knows nothing. */
export function projectFactsOver(connection: Pick<Connection, 'sendRequest' | 'console'>): ProjectFacts {
  const ask = async <Params, Result>({ name, result }: Method<Params, Result | null>, params: Params, signal: AbortSignal): Promise<Result | undefined> => {
    const source = new CancellationTokenSource();
    const cancel = (): void => { source.cancel(); };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return signal.aborted ? undefined : z.parse(result, await connection.sendRequest<unknown>(name, params, source.token)) ?? undefined;
    } catch (thrown) {
      if (!signal.aborted) connection.console.log(`${name}: ${messageOf(thrown)}`);
      return undefined;
    } finally {
      signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  };
  return {
    values: (uri, stage, signal) => ask(projectRequests.values, { uri, stage }, signal),
    staleness: (uri, signal) => ask(projectRequests.staleness, { uri }, signal),
    budget: (uri, signal) => ask(projectRequests.budget, { uri }, signal),
  };
}
