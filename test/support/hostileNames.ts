import fc from 'fast-check';

/** What a shell, an option parser or a careless script would make something of. */
const parts = [
  "'", '"', ' ', '\n', '\t', '$(touch canary)', '`touch canary`', '; touch canary;', '&& touch canary', '| touch canary', '> canary', '-rf', '--', '*', '?', '[a]', '~', '\\', '!', '#', '$HOME',
  '${IFS}', '%j', '%%', 'ä', '𝄞', '{a,b}', '=', '^', '(', ')', '<', '\r', '\u0007', 'x', '.', 'part',
];

/** Names of files that are all different, none of which leads anywhere. The same ones every time. */
export function hostileNames(count: number): readonly string[] {
  const name = fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 6 }).map(each => each.join(''));
  const usable = name.filter(each => each !== '.' && each !== '..' && each !== 'job' && Buffer.byteLength(each) < 100);
  return fc.sample(fc.uniqueArray(usable, { minLength: count, maxLength: count }), { numRuns: 1, seed: 7 })[0] ?? [];
}
