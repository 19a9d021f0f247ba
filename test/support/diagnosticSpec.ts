import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';

const read = (name: string): unknown => parse(readFileSync(path.resolve(import.meta.dirname, '../spec', name), 'utf8'));

const files = z.record(z.string(), z.string());
const specSchema = z.strictObject({
  usual: files,
  cases: z.array(z.strictObject({ name: z.string(), files, shipped: z.optional(files), expect: z.array(z.string()) })),
});

/** One case of test/spec/prompt-diagnostics.yaml. */
export interface DiagnosticCase {
  readonly name: string;
  /** With marks around the places. */
  readonly files: Readonly<Record<string, string>>;
  readonly shipped: Readonly<Record<string, string>>;
  readonly expect: readonly { readonly code: string; readonly isWarning: boolean; readonly says: string }[];
}

/** The cases of test/spec/prompt-diagnostics.yaml. */
export function diagnosticSpec(): readonly DiagnosticCase[] {
  const { usual, cases } = specSchema.parse(read('prompt-diagnostics.yaml'));
  return cases.map(({ name, files: own, shipped, expect }) => ({
    name, files: own, shipped: { ...usual, ...shipped },
    expect: expect.map(line => {
      const [, code = '', warning, says = ''] = /^(\S+)( \(warning\))? ?(.*)$/.exec(line) ?? [];
      return { code, isWarning: warning !== undefined, says };
    }),
  }));
}

const fixSchema = z.strictObject({
  usual: files,
  cases: z.array(z.strictObject({ name: z.string(), file: z.string(), text: z.string(), title: z.string(), after: z.string(), beside: z.optional(files) })),
});

/** The cases of test/spec/quick-fixes.yaml, and the files that lie under all of them. */
export const fixSpec = (): z.infer<typeof fixSchema> => fixSchema.parse(read('quick-fixes.yaml'));
