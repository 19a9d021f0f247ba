import * as z from 'zod/mini';
import type { Guideline } from '../model/guideline.ts';
import { Source, type PromptProblem } from '../prompts/problem.ts';
import { readYaml } from '../prompts/yamlFile.ts';
import type { PromptFiles } from './recipeFile.ts';

/** What the id of a guideline looks like. */
export const guidelineIdPattern = /^[a-z]+(?:-[a-z]+)*$/;

const guidelineSchema = z.strictObject({
  id: z.string().check(z.regex(guidelineIdPattern)),
  title: z.string().check(z.minLength(1), z.maxLength(24)),
  text: z.string().check(z.minLength(1), z.maxLength(2_000)),
  presupposesSolution: z.optional(z.boolean()),
});
const librarySchema = z.strictObject({ guidelines: z.array(guidelineSchema) });

/** Every guideline there is, in the order of the files and within them. */
export interface GuidelineLibrary {
  readonly guidelines: readonly Guideline[];
  readonly files: readonly string[];
  readonly problems: readonly PromptProblem[];
}

/** Reads all of `guidelines/*.yaml`. An id that stands twice is a problem: an answer would not say which one it followed. */
export function readGuidelines(files: PromptFiles): GuidelineLibrary {
  const names = [...files.keys()].filter(file => /^guidelines\/[^/]+\.yaml$/.test(file)).sort();
  const guidelines = new Map<string, Guideline>();
  const problems: PromptProblem[] = [];
  for (const file of names) {
    const source = new Source(file, files.get(file) ?? '');
    const { value, rangeOf, problems: found } = readYaml(source, { start: 0, end: source.text.length }, {
      schema: librarySchema,
      codes: { invalid: 'guideline.invalid', unknownKey: 'guideline.unknown-key' },
      keysAt: path => (path.length === 0 ? ['guidelines'] : Object.keys(guidelineSchema.shape)),
    });
    problems.push(...found);
    value?.guidelines.forEach(({ id, title, text, presupposesSolution = false }, index) => {
      const twice = guidelines.has(id);
      if (twice) problems.push(source.problem(rangeOf(['guidelines', index, 'id']) ?? { start: 0, end: 0 }, 'guideline.duplicate', `There is a guideline ${id} already.`));
      else guidelines.set(id, { id, title, text: text.trim(), presupposesSolution });
    });
  }
  return { guidelines: [...guidelines.values()], files: names, problems };
}
