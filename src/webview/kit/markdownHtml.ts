// Markdown of a model as HTML, as long as all of it is to be seen. Knows no DOM.
import markdownIt from 'markdown-it';

/** Lists and quotes in each other that are drawn; what lies deeper is left out by the reader. */
const maxNesting = 40;
/** Cells that tables have at most: the reader fills each row up to the width of the first. */
const mostCells = 4_000;

/** HTML in a text stays text, and a name for a sign stays one, or it would bring signs that nobody sees; links and pictures are not made, since a page has nowhere to go and loads nothing. */
const reader = markdownIt({ html: false, linkify: false, maxNesting }).disable(['link', 'image', 'autolink', 'reference', 'entity']);
const { escapeHtml } = reader.utils;
// what stands behind the marks of a code block is a part of the text as well
reader.renderer.rules['fence'] = (tokens, at) => {
  const { info = '', content = '' } = tokens[at] ?? {};
  return `<pre><code>${escapeHtml(info.trim() === '' ? content : `${info.trim()}\n${content}`)}</code></pre>\n`;
};

const lettersIn = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;

/** How many cells tables of a text can come to. */
function cellsAtMost(text: string): number {
  const lines = text.split('\n');
  const widest = lines.reduce((most, line) => Math.max(most, line.split('|').length - 1), 0);
  return widest * lines.length;
}

/** HTML of what a model wrote, to be made harmless; undefined where Markdown would leave out some of its words, or take long: such a text is shown as it was written. */
export function markdownHtml(text: string): string | undefined {
  if (cellsAtMost(text) > mostCells) return undefined;
  const environment = {};
  const tokens = reader.parse(text, environment);
  let shown = 0;
  for (const token of tokens) {
    shown += lettersIn(token.content) + lettersIn(token.info);
    if (token.type === 'list_item_open' && token.info !== '') token.attrSet('value', token.info); // the number that was written
  }
  return shown < lettersIn(text) ? undefined : reader.renderer.render(tokens, reader.options, environment);
}
