import type { EvaluationChoices } from '../contract/evaluation.ts';

/** Where an address leads. */
const originOf = (address: string): string => (URL.canParse(address) ? new URL(address).origin : address);

/**
 * A key by the origin of the server that it is for: the one that was named for all, else the one where all models are, else the project's, of which there may be several with the same model. No other is sent it.
 *
 * @param of `server`: the one that was named for all models that name none; `own`: the project's, its first one first
 */
export function boundKey({ models, against }: Pick<EvaluationChoices, 'models' | 'against'>, { key, server, own }: { readonly key: string; readonly server?: string; readonly own: readonly string[] }): Readonly<Record<string, string>> {
  const asked = [...models, ...(against ? [against] : [])].flatMap(each => each.server ?? own[0] ?? []).map(originOf);
  const [only, ...others] = new Set(asked);
  const owner = server ?? (others.length === 0 ? only : undefined) ?? own[0];
  if (owner === undefined) return {};
  const origins = own.map(originOf);
  return Object.fromEntries((origins[0] === originOf(owner) ? origins : [originOf(owner)]).map(origin => [origin, key]));
}
