import * as z from 'zod/mini';

// The shapes that the command line promises, written from its documentation and not from the code: fields may be added, none may be renamed.

const count = z.int().check(z.nonnegative());
const counts = z.record(z.string(), count);
const kinds = ['number', 'expression', 'choice', 'yesno', 'text'] as const;
const states = ['not-started', 'running', 'solved', 'unsolved', 'all-unreadable', 'needs-review', 'failed'] as const;
const byState = z.partialRecord(z.enum(states), count);
const round = z.union([z.literal(1), z.literal(2)]);
const stage = z.enum(['choose', 'adapt', 'structure', 'path', 'judge']);
const verdictKind = z.enum(['correct', 'incorrect', 'unreadable', 'unjudged']);
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** `init` */
export const initShape = z.object({ project: z.string(), tasks: count });

/** `check` */
export const checkShape = z.object({
  files: count,
  problems: z.array(z.object({ file: z.string(), line: count, column: count, endLine: count, endColumn: count, severity: z.enum(['error', 'warning']), code: z.string(), message: z.string() })),
});

/** `import` */
export const importShape = z.object({
  files: z.array(z.object({
    path: z.string(),
    preset: z.nullable(z.string()),
    tasks: count,
    withoutGold: count,
    duplicates: count,
    split: z.enum(['train', 'held-out']),
    byKind: z.partialRecord(z.enum(kinds), count),
    refused: z.array(z.object({ line: count, field: z.optional(z.string()), code: z.string(), message: z.string() })),
  })),
  tasks: count,
  refused: count,
});

/** `plan` */
export const planShape = z.object({
  recipe: z.string(),
  mode: z.enum(['until-enough', 'all']),
  exact: z.boolean(),
  stages: z.array(z.object({ stage, round, cached: count, toDo: count, stale: count, maxToDo: z.optional(count) })),
  calls: count,
  promptTokens: count,
  outputTokens: count,
});
/** See `planShape`. */
export type Plan = z.infer<typeof planShape>;

/** `run` */
export const runShape = z.object({
  runId: count,
  state: z.enum(['completed', 'cancelled', 'failed', 'paused']),
  calls: count,
  cached: count,
  failed: counts,
  tasks: byState,
  kept: count,
});

/** `status` */
export const statusShape = z.object({
  tasks: z.object({ total: count, trainable: count, heldOut: count, byState }),
  stages: z.array(z.object({ stage, round, done: count, failed: count, toDo: count })),
  funnel: z.array(z.object({ step: z.string(), in: count, out: count, lost: counts })),
  run: z.nullable(z.object({ id: count, state: z.string() })),
});

/** `show` */
export const showShape = z.object({
  task: z.object({ id: z.string(), question: z.string(), gold: z.optional(z.string()), answerKind: z.enum(kinds), state: z.enum(states) }),
  branches: z.array(z.object({
    id: z.string().check(z.regex(/^(?:guideline:[a-z-]+|chosen:\d+|drawn:\d+)$/)),
    round,
    guidelines: z.array(z.string()),
    adapted: z.optional(z.string()),
    structure: z.optional(z.string()),
    path: z.optional(z.string()),
    verdicts: z.array(z.object({ checker: z.string(), kind: verdictKind, extracted: z.nullable(z.string()), reason: z.string() })),
    edited: z.boolean(),
    answers: z.array(z.object({
      stage,
      fingerprint: sha256,
      messages: z.array(z.object({ role: z.string(), content: z.string() })),
      raw: z.string(),
      finish: z.string(),
      usage: z.optional(z.object({ inputTokens: z.optional(count), outputTokens: z.optional(count) })),
      seed: count,
    })),
  })),
  selection: z.array(z.object({ branch: z.string(), round, path: sha256, hinted: z.boolean() })),
});

/** `export` */
export const exportShape = z.object({
  format: z.enum(['chat', 'prompt-completion', 'sharegpt', 'alpaca', 'parquet', 'kto', 'dpo']),
  path: z.string(),
  manifest: z.string(),
  records: count,
  tasks: count,
  hinted: count,
  humanEdited: count,
  sha256,
  excluded: counts,
});

/** `export --preview` */
export const exportPreviewShape = z.object({ records: count, tasks: count, hinted: count, humanEdited: count, reviewed: count, excluded: counts, first: z.array(z.string()) });

/** `compare` */
export const compareShape = z.object({
  size: z.nullable(count),
  rows: z.array(z.object({
    manifest: z.string(), path: z.string(), wrong: z.optional(z.string()),
    set: z.optional(z.object({
      records: count, tasks: count, hintedShare: z.number(), recipes: z.array(z.string()), models: z.array(z.string()), sha256, matched: z.optional(z.object({ by: z.string(), file: z.string() })),
      requestsPerPath: z.optional(z.number()), tokensPerPath: z.optional(z.number()), distinct: z.optional(z.number()), skeletons: z.optional(count),
    })),
    jobs: z.array(z.object({ id: count, state: z.string(), base: z.string() })), evaluations: z.array(z.unknown()),
  })),
});

/** `contamination` */
export const contaminationShape = z.object({
  thresholds: z.object({ ngrams: z.number(), edit: z.number(), sameNumbers: z.boolean() }),
  total: count,
  tasks: count,
  sets: z.array(z.object({ train: z.string(), evaluation: z.string(), exact: count, near: count })),
  pairs: z.array(z.object({ train: z.string(), trainSet: z.string(), evaluation: z.string(), evaluationSet: z.string(), how: z.enum(['exact', 'ngrams', 'edit']), share: z.number() })),
  heldOut: z.optional(z.array(z.string())),
  leftOut: z.optional(z.array(z.string())),
});

/** One line of `grade`: a verdict or an error. */
export const gradeShape = z.union([
  z.object({
    id: z.union([z.string(), z.number()]),
    verdict: verdictKind,
    extracted: z.nullable(z.string()),
    reason: z.string().check(z.regex(/^[a-z0-9-]+$/)),
    kind: z.enum(kinds),
    cut: z.optional(z.nullable(z.string())),
  }),
  z.object({ id: z.union([z.string(), z.number()]), error: z.string() }),
]);

/** One line of `leak`. */
export const leakShape = z.union([
  z.object({ id: z.union([z.string(), z.number()]), leak: z.boolean(), reason: z.nullable(z.string()), start: z.optional(count), end: z.optional(count) }),
  z.object({ id: z.union([z.string(), z.number()]), error: z.string() }),
]);

/** `audit` */
export const auditShape = z.object({
  rows: z.array(z.object({ task: z.string(), path: sha256, typed: verdictKind, reference: z.boolean(), reason: z.string().check(z.regex(/^[a-z0-9-]+$/)) })),
  falseAccepts: count,
  falseRejects: count,
});

const alignStep = z.object({ text: z.string(), start: count, end: count });

/** One line of `align --json`. */
export const alignShape = z.union([
  z.object({
    id: z.union([z.string(), z.number()]),
    structure: z.array(alignStep),
    path: z.array(alignStep),
    pairs: z.array(z.tuple([count, count])),
    marks: z.object({ structure: z.array(z.enum(['followed', 'skipped', 'reordered', 'merged'])), path: z.array(z.enum(['joined', 'added'])) }),
    coverage: z.number().check(z.minimum(0), z.maximum(1)),
  }),
  z.object({ id: z.union([z.string(), z.number()]), error: z.string() }),
]);

/** `probe` */
export const probeShape = z.object({
  server: z.string(),
  model: z.string(),
  identity: z.string(),
  capabilities: z.record(z.string(), z.enum(['supported', 'ignored', 'refused', 'untested'])),
});

/** What a failed command writes with `--json`. */
export const errorShape = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** `engines` */
export const enginesShape = z.object({
  engines: z.array(z.object({
    pid: count, project: z.nullable(z.string()), host: z.string(), startedAtMs: z.number(), protocol: count, app: z.string(), schema: count, clients: count,
    run: z.nullable(z.string()), state: z.enum(['idle', 'running', 'waiting-for-key', 'dead']),
  })),
  stopped: z.optional(z.array(count)),
});

const share = z.number().check(z.minimum(0), z.maximum(1));
/** `evaluate` */
export const evaluateShape = z.object({
  id: count,
  state: z.enum(['completed', 'cancelled', 'failed', 'paused']),
  sets: z.array(z.object({
    name: z.string(), domain: z.enum(['in', 'out']), n: count,
    models: z.array(z.object({ model: z.string(), correct: count, unreadable: count, accuracy: share, low: share, high: share })),
    difference: z.optional(z.object({ value: z.number(), low: z.number(), high: z.number(), gains: count, losses: count, p: share })),
    withoutGold: count, unanswered: count,
  })),
  sentence: z.string(),
  calls: count,
  cached: count,
});
/** See `evaluateShape`. */
export type Evaluated = z.infer<typeof evaluateShape>;

/** A line of `events` */
export const eventShape = z.looseObject({ sequence: count, atMs: z.number(), kind: z.string() });

/** `fine-tune` and `jobs` */
export const jobsShape = z.object({
  jobs: z.array(z.object({
    id: z.int(), key: sha256, target: z.string(), state: z.enum(['preparing', 'uploading', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'lost']),
    reason: z.optional(z.string()), step: z.optional(count), steps: z.optional(count), loss: z.optional(z.number()), model: z.optional(z.string()),
  })),
});
