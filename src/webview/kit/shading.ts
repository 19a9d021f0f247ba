import { html, nothing, type TemplateResult } from 'lit';
import { thousands } from '../../client/words.ts';
import type { StagePrompt } from '../../contract/stepper.ts';

/** Beyond this the shading of a text costs more than it tells. */
export const longestShaded = 200_000;

/** `412 tokens, 230 shared · estimate`. */
export const tokenWords = ({ tokens, sharedTokens, estimated }: Pick<StagePrompt, 'tokens' | 'sharedTokens' | 'estimated'>): string =>
  `${thousands(tokens)} tokens${sharedTokens > 0 ? `, ${thousands(sharedTokens)} shared` : ''}${estimated ? ' · estimate' : ''}`;

/** The text of a message: its part that other branches share is shaded, and marked is where a text arrives that comes from elsewhere. */
export function shading({ messages, arrivals }: Pick<StagePrompt, 'messages' | 'arrivals'>, index: number): TemplateResult {
  const { content, shared } = messages[index] ?? { content: '', shared: 0 };
  const marks = arrivals.filter(each => each.message === index).toSorted((one, other) => one.start - other.start);
  const pieces: TemplateResult[] = [];
  let at = shared;
  for (const { start, end } of marks.filter(mark => mark.start >= shared)) {
    if (start < at) continue;
    pieces.push(html`${content.slice(at, start)}<span class="arrives">${content.slice(start, end)}</span>`);
    at = end;
  }
  // whole lines are shaded across, the rest of the last one as far as it goes
  const lines = content.lastIndexOf('\n', shared - 1) + 1;
  const block = shared === 0 || lines === 0 ? nothing : html`<span class="shared lines">${content.slice(0, lines)}</span>`;
  // a line end at the very end would otherwise have no height
  return html`${block}<span class="shared">${content.slice(Math.min(lines, shared), shared)}</span>${pieces}${content.slice(at)}${'\n'}`;
}

/** Draws the bars beside what is shared as high as that is; called after each drawing. */
export function measureShared(): void {
  for (const field of document.querySelectorAll<HTMLElement>('.written')) {
    const shared = [...field.querySelectorAll<HTMLElement>('.shared')].findLast(each => each.textContent !== '');
    const height = shared ? shared.getBoundingClientRect().bottom - field.getBoundingClientRect().top : 0;
    field.style.setProperty('--shared-height', `${Math.max(0, height)}px`);
  }
}
