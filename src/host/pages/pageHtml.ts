// The one frame that all pages stand in. Knows nothing of the editor.
import { randomBytes } from 'node:crypto';

/** What the frame of a page is filled with. */
export interface PageFrame {
  readonly title: string;
  /** A value that nobody can guess, new for every page. */
  readonly nonce: string;
  /** Where the editor serves files of ours from, as a source of a content security policy. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
  /** What the page is about, kept by the page so that it can be made again after the window is reloaded. */
  readonly address?: unknown;
}

/** A nonce of 128 bits. */
export const newNonce = (): string => randomBytes(16).toString('hex');

/** Text for an attribute or an element. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** Nothing is loaded but our own script, style and font; nothing is run that stands in a text. Sheets that components make of themselves in script need no rule. */
const policy = ({ nonce, source }: PageFrame): string => `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; font-src ${source}`;

/** The document of a page: a frame without content, which the page's script fills. */
export function pageHtml(frame: PageFrame): string {
  const { title, nonce, script, style, address } = frame;
  const about = address === undefined ? '' : ` data-address="${escaped(JSON.stringify(address))}"`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy(frame))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" nonce="${nonce}" href="${escaped(style)}">
<script defer nonce="${nonce}" src="${escaped(script)}"></script>
</head>
<body>
<main id="page" aria-label="${escaped(title)}"${about}></main>
</body>
</html>
`;
}
