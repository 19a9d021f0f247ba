import * as z from 'zod/mini';

const numberOrNothing = z.catch(z.optional(z.number()), undefined);

/** What an event of a fine-tuning job is read for; whatever else it has is left alone. */
export const eventSchema = z.object({
  id: z.string(),
  created_at: z.catch(z.number(), 0),
  level: z.catch(z.string(), 'info'),
  message: z.catch(z.string(), ''),
  data: z.catch(z.nullish(z.object({
    step: numberOrNothing, total_steps: numberOrNothing, train_loss: numberOrNothing, valid_loss: numberOrNothing, full_valid_loss: numberOrNothing,
  })), undefined),
});
/** One of them. */
export type JobApiEvent = z.infer<typeof eventSchema>;

/**
 * The lines of a log that one event is, each with its line end: the time and what was said, or a step of training and a measurement on held-out data as
 * `train.py` writes them. An event's own words can never be taken for such a line.
 */
export function eventLines({ created_at: seconds, level, message, data }: JobApiEvent): string {
  const step = data?.step === undefined ? spokenStep(message) : { step: data.step, steps: data.total_steps, loss: data.train_loss };
  const heldOut = data?.full_valid_loss ?? data?.valid_loss;
  const lines: object[] = [];
  if (step?.loss !== undefined) lines.push({ regenesis: 'step', ...step });
  if (step !== undefined && heldOut !== undefined) lines.push({ regenesis: 'evaluation', step: step.step, loss: heldOut });
  if (lines.length > 0) return lines.map(line => `${JSON.stringify(line)}\n`).join('');
  return `${timeOf(seconds)} ${level}: ${message.replace(/\s+/g, ' ').replaceAll('{"', '{ "').trim()}\n`;
}

/** Servers of the same shape that send no figures say them in words, as OpenAI does beside them. */
function spokenStep(message: string): { readonly step: number; readonly steps: number; readonly loss: number } | undefined {
  const [, step, steps, loss] = /^Step (\d{1,9})\/(\d{1,9}): training loss=(\d{1,6}(?:\.\d{1,20})?)/.exec(message) ?? [];
  return loss === undefined ? undefined : { step: Number(step), steps: Number(steps), loss: Number(loss) };
}

function timeOf(seconds: number): string {
  const time = new Date(seconds * 1_000);
  return Number.isNaN(time.getTime()) ? '-' : time.toISOString();
}
