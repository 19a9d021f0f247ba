import type { RateAllowance, RateLimits } from '../../ports/languageModel.ts';

interface HeaderReader {
  get(name: string): string | null;
}

/**
 * What a hosted server says of its limits in the headers of a reply, in the form of OpenAI, which others have taken over.
 *
 * @returns absent where there is no such header, or none that can be read
 */
export function rateLimitsOf(headers: HeaderReader): RateLimits | undefined {
  const requests = allowanceOf(headers, 'requests');
  const tokens = allowanceOf(headers, 'tokens');
  return requests || tokens ? { ...(requests && { requests }), ...(tokens && { tokens }) } : undefined;
}

function allowanceOf(headers: HeaderReader, kind: 'requests' | 'tokens'): RateAllowance | undefined {
  const remaining = numberOf(headers.get(`x-ratelimit-remaining-${kind}`));
  if (remaining === undefined) return undefined;
  const limit = numberOf(headers.get(`x-ratelimit-limit-${kind}`));
  const resetMs = durationMs(headers.get(`x-ratelimit-reset-${kind}`));
  return limit === undefined || resetMs === undefined ? undefined : { limit, remaining, resetMs };
}

const numberOf = (text: string | null): number | undefined => (text !== null && /^\s*\d{1,15}(\.\d{1,6})?\s*$/.test(text) ? Number(text) : undefined);

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** `6m0s`, `1h2m3.5s`, `120ms`, or plain seconds. */
function durationMs(text: string | null): number | undefined {
  const seconds = numberOf(text);
  if (seconds !== undefined) return seconds * 1_000;
  const whole = text?.trim() ?? '';
  if (!/^(\d{1,9}(\.\d{1,9})?(ms|[dhms]))+$/.test(whole)) return undefined;
  return [...whole.matchAll(/([\d.]+)(ms|[dhms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0);
}
