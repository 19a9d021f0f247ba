/** How far a run goes: only as many branches as the training set needs, or every one. The kept paths are the same in both. */
export const runModes = ['until-enough', 'all'] as const;
/** One of `runModes`. */
export type RunMode = (typeof runModes)[number];

/** What decides over a path: the recipe's filters with the typed grader, or the released filter, faults included. */
export const runFilters = ['typed', 'reference'] as const;
/** One of `runFilters`. */
export type RunFilter = (typeof runFilters)[number];

/** States of a run. Nothing leaves an end state (`completed`, `cancelled`, `failed`); `interrupted` is a run whose engine died. */
export const runStates = ['running', 'paused', 'completed', 'cancelled', 'failed', 'interrupted'] as const;
/** One of `runStates`. */
export type RunState = (typeof runStates)[number];

/** The states in which a run leaves whoever started it; a paused one needs something done first, such as a key or a larger budget. */
export const runEndStates = ['completed', 'cancelled', 'failed', 'paused'] as const satisfies readonly RunState[];
/** One of `runEndStates`. */
export type RunEndState = (typeof runEndStates)[number];

/** In which order runs come to the servers: what a person waits for goes in front of everything else. */
export const runLanes = ['bulk', 'interactive'] as const;
/** One of `runLanes`. */
export type RunLane = (typeof runLanes)[number];

/**
 * What holds the rate of a run down: `queue` the server's slots are full, `cache` its memory for sequences is, `client` this machine cannot prepare requests fast
 * enough, `setting` the limit that was set, `rate-limit` the server's own, `gone` it does not answer, `tail` there is too little left to do, `ramp` the limit is
 * still being found.
 */
export const rateBounds = ['queue', 'cache', 'client', 'setting', 'rate-limit', 'gone', 'tail', 'ramp'] as const;
/** One of `rateBounds`. */
export type RateBound = (typeof rateBounds)[number];
