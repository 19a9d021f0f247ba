import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver/node';
import { ProblemError } from '../core/model/problem.ts';

/** Answers a request of the editor; one that was called off before its turn, or while it was worked on, is not. What a person did wrong is told in its own words. */
export function answering<Params, Result>(work: (params: Params, signal: AbortSignal) => Result | Promise<Result>): (params: Params, token: CancellationToken) => Promise<Result> {
  return async (params, token) => {
    const abort = new AbortController();
    const goOn = (): void => { if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was called off.'); };
    const called = token.onCancellationRequested(() => { abort.abort(); });
    try {
      goOn();
      const result = await work(params, abort.signal);
      goOn();
      return result;
    } catch (thrown) {
      throw thrown instanceof ProblemError ? new ResponseError(LSPErrorCodes.RequestFailed, thrown.problem.message) : thrown;
    } finally {
      called.dispose();
    }
  };
}
