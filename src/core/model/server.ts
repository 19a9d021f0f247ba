/** Whether a server does a thing: does it, takes the word and ignores it, refuses it, or nobody has tried. */
export const capabilityStates = ['supported', 'ignored', 'refused', 'untested'] as const;
/** One of `capabilityStates`. */
export type CapabilityState = (typeof capabilityStates)[number];

/** What may differ between servers. */
export type CapabilityName = 'n' | 'seed' | 'logprobs' | 'structuredOutput' | 'tokenize' | 'metrics' | 'loraLoading';

/** What a server is made with, as far as it tells; `other` speaks the protocol and tells nothing more. */
export const serverKinds = ['vllm', 'sglang', 'llama.cpp', 'ollama', 'lm-studio', 'demo', 'other'] as const;
/** One of `serverKinds`. */
export type ServerKind = (typeof serverKinds)[number];

/** What servers of a run are for: `judge` answers the stage of that name where the project has a server of its own for it, `generate` everything else. The judge's calls go first: they end tasks. */
export const serverRoles = ['judge', 'generate'] as const;
/** One of `serverRoles`. */
export type ServerRole = (typeof serverRoles)[number];

/** An address without the ending that every server has: equal where two addresses of a server, written with and without it, are the same. */
export const withoutEnding = (address: string): string => address.replace(/(?:\/v1)?\/*$/, '');
