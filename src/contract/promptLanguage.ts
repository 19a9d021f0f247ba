// What the editor and the server of the prompt language say to each other beside the language server protocol.
import * as z from 'zod/mini';
import { callStages, modelStages } from '../core/model/stage.ts';
import type { Method } from './engine.ts';
import { count } from './figures.ts';

const fileSchema = z.object({ uri: z.string() });

/** Sent by the server while a hover, a lens or a warning is made; the editor answers `null` where no open project is near, or the folder is not trusted. A file is meant as it stands in the editor, saved or not. */
export const projectRequests = {
  /** What the variables of a stage hold for the task and branch that are selected. */
  values: {
    name: 'regenesis/values',
    params: z.object({ uri: z.string(), stage: z.enum(modelStages) }),
    result: z.nullable(z.object({ task: z.string(), values: z.array(z.object({ name: z.string(), text: z.string() })) })),
  },
  /** Which answers would be stale if the file were saved, of a recipe that was run and uses it and of the latest evaluation, and the calls that asking anew would take. Held against what was run last: what was saved since counts, what is not saved of other files does not. */
  staleness: {
    name: 'regenesis/staleness',
    params: fileSchema,
    result: z.nullable(z.object({ answers: count, byStage: z.array(z.object({ stage: z.enum(callStages), answers: count })), calls: count })),
  },
  /** How long a prompt gets for the longest task, and the most that its model takes, in tokens. */
  budget: {
    name: 'regenesis/budget',
    params: fileSchema,
    result: z.nullable(z.object({ tokens: count, limit: count, estimated: z.boolean() })),
  },
} as const satisfies Readonly<Record<string, Method<unknown, unknown>>>;

/** What an editor tells the server of itself with `initialize`. One that says nothing has nothing of it. */
export const editorSchema = z.object({
  /** Whether it has our commands, which the heads of files offer. */
  commands: z.boolean(),
});

/** Sent by the editor, without anything in it: what a project would answer may be another, such as after a run. */
export const projectChanged = 'regenesis/projectChanged';
