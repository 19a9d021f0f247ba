import * as z from 'zod/mini';
import { align as alignTexts, type Alignment } from '../core/align/align.ts';
import type { Command } from './command.ts';
import { answerLines } from './lines.ts';
import { table } from './print.ts';

const inputSchema = z.object({ id: z.optional(z.union([z.string(), z.number()])), structure: z.string(), path: z.string() });
const signs = { followed: '✓', skipped: '∅', reordered: '⇅', merged: '⊃' } as const;
/** Characters of a step that are shown. */
const shown = 72;

const oneLine = (text: string) => {
  const words = text.slice(0, 4 * shown).replace(/\s+/g, ' ').trim();
  return words.length > shown ? `${words.slice(0, shown - 1)}…` : words;
};

/** An alignment for people: each step of the structure with its mark and the path steps that carry it out, then what the path adds. */
function alignmentText({ structure, path, pairs, marks, coverage }: Alignment, id: string | number): string {
  const steps = structure.map(({ text }, at) => {
    const mark = marks.structure[at] ?? 'skipped';
    const places = pairs.filter(pair => pair[0] === at).map(pair => pair[1] + 1);
    return [`  ${signs[mark]}`, at + 1, mark, places.length === 0 ? '' : `→ ${places.join(', ')}`, oneLine(text)];
  });
  const walked = path.map(({ text }, at) => {
    const added = marks.path[at] === 'added';
    return [added ? '  +' : '   ', at + 1, added ? 'added' : 'joined', '', oneLine(text)];
  });
  const carriedOut = marks.structure.filter(mark => mark !== 'skipped').length;
  const head = `${id}: ${carriedOut} of ${structure.length} steps carried out (${Math.round(100 * coverage)} %)`;
  return `${head}\n${table([['  structure'], ...steps, ['  path'], ...walked])}\n`;
}

/** Lines up structures with the paths that follow them, line by line. */
export const align: Command = {
  name: 'align',
  summary: 'Line up structures with the paths that follow them: JSON lines in, one alignment out for each.',
  usage: '[FILE|-]',
  options: {},
  positionals: [0, 1],
  notes: 'A line in: {"structure": …, "path": …}, with "id" if you like. With --json a line out for each line in. "start" and "end" are offsets into the text, in UTF-16 code units; "pairs" count steps from 0.\nMarks: followed, skipped, reordered and merged for steps of the structure, joined and added for steps of the path.',
  run: async (given, environment) => answerLines(environment, {
    file: given.positionals[0],
    schema: inputSchema,
    work: input => alignTexts(input),
    ...(given.flag('json') ? {} : { show: alignmentText }),
  }),
};
