// Texts of others in Markdown: task texts, answers of a model and files of a workspace are never read as Markdown.

/** More of a text than this is not shown. */
const longestQuoted = 600;
/** Lines of a file that are shown. */
const mostLines = 12;

/** Characters that nobody sees, and those that turn the direction of writing: nothing may be hidden in a text that is shown. The joiners of emoji stay. */
const unseen = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text as it is, in a block that it cannot break out of. */
export function inBlock(text: string): string {
  const shown = cut(text.replace(/\r\n?/g, '\n').replace(unseen, '\ufffd'));
  const fence = '`'.repeat(Math.max(3, longestTicks(shown) + 1));
  return `${fence}text\n${shown}\n${fence}`;
}

/** The beginning of a file, without the line ends at its end. */
export function firstLines(text: string): string {
  const lines = text.trimEnd().split(/\r\n?|\n/);
  return [...lines.slice(0, mostLines), ...(lines.length > mostLines ? ['…'] : [])].join('\n');
}

/** A name as it is, in a line. */
export function inCode(name: string): string {
  const shown = name.replace(/\s+/g, ' ').replace(unseen, '\ufffd').trim();
  if (shown === '') return '(empty)';
  const ticks = '`'.repeat(longestTicks(shown) + 1);
  const space = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${ticks}${space}${shown}${space}${ticks}`;
}

function cut(text: string): string {
  if (text.length <= longestQuoted) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(longestQuoted - 1)) ? longestQuoted - 1 : longestQuoted;
  return `${text.slice(0, end)}…`;
}

const longestTicks = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length));
