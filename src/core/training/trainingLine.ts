import * as z from 'zod/mini';
import { parseJson, withoutAbsent } from '../model/outside.ts';
import type { TrainingPoint } from '../model/trainingJob.ts';

/** Every line of `training/train.py` that is for us begins so; whatever else stands in a log is for people. */
const mark = '{"regenesis":';
/** No line of ours is longer; what is may come from anywhere, and is not read. */
const longestLine = 20_000;

const number = z.optional(z.nullable(z.number()));
const count = z.int().check(z.nonnegative());

const lineSchema = z.discriminatedUnion('regenesis', [
  z.object({ regenesis: z.literal('start'), steps: z.optional(count), rows: z.optional(count), droppedRows: z.optional(count), cutRows: z.optional(count) }),
  z.object({ regenesis: z.literal('step'), step: count, steps: z.optional(count), loss: number, learningRate: number, gradNorm: number, epoch: number, secondsPerStep: number }),
  z.object({ regenesis: z.literal('evaluation'), step: count, loss: number }),
  z.object({ regenesis: z.literal('checkpoint'), step: count, path: z.string() }),
  z.object({ regenesis: z.literal('done'), output: z.optional(z.string()), weightsSha256: z.optional(z.string()), loss: number }),
  z.object({ regenesis: z.literal('failed'), reason: z.string(), message: z.string() }),
]);

/** What a line of a training's log says. */
export type TrainingLine =
  /** Rows that were longer than the limit were left out or cut. */
  | { readonly kind: 'start'; readonly steps?: number; readonly rows?: number; readonly droppedRows?: number; readonly cutRows?: number }
  | { readonly kind: 'point'; readonly point: TrainingPoint; readonly steps?: number }
  | { readonly kind: 'checkpoint'; readonly step: number; readonly path: string }
  /** `output`: folder of the weights, as the training named it. `weightsSha256`: of all of them. */
  | { readonly kind: 'done'; readonly output?: string; readonly weightsSha256?: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

/** Reads one line of a log, which anybody may have written; nothing where it is none of ours. */
export function readTrainingLine(line: string): TrainingLine | undefined {
  const start = line.indexOf(mark); // a cluster may write who speaks before it
  if (start < 0 || line.length - start > longestLine) return undefined;
  const read = z.safeParse(lineSchema, parseJson(line.slice(start)));
  if (!read.success) return undefined;
  const { data } = read;
  switch (data.regenesis) {
    case 'start': return { kind: 'start', ...withoutAbsent({ steps: data.steps, rows: data.rows, droppedRows: data.droppedRows, cutRows: data.cutRows }) };
    case 'step': return { kind: 'point', point: pointOf(data), ...(data.steps === undefined ? {} : { steps: data.steps }) };
    case 'evaluation': return { kind: 'point', point: { ...pointOf(data), heldOut: true } };
    case 'checkpoint': return { kind: 'checkpoint', step: data.step, path: data.path };
    case 'done': return { kind: 'done', ...withoutAbsent({ output: data.output, weightsSha256: data.weightsSha256 }) };
    case 'failed': return { kind: 'failed', reason: data.reason, message: data.message };
  }
}

type Numbers = { readonly step: number } & { readonly [Name in 'loss' | 'learningRate' | 'gradNorm' | 'epoch' | 'secondsPerStep']?: number | null | undefined };

const pointOf = ({ step, loss, learningRate, gradNorm, epoch, secondsPerStep }: Numbers): TrainingPoint => ({
  step, ...withoutAbsent({ loss: loss ?? undefined, learningRate: learningRate ?? undefined, gradNorm: gradNorm ?? undefined, epoch: epoch ?? undefined, secondsPerStep: secondsPerStep ?? undefined }),
});
