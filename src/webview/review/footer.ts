import { html, nothing, type TemplateResult } from 'lit';
import type { ReviewCommand } from '../../contract/pages/review.ts';
import { rejectReasons } from '../../core/model/review.ts';
import { icon } from '../kit/icon.ts';
import { isTyping } from './mode.ts';
import type { OpenReview } from './state.ts';
import { reasonWords } from './words.ts';

interface Button {
  readonly key: string;
  readonly command: ReviewCommand;
  readonly words: string;
  readonly look?: string;
  readonly off?: string | false | undefined;
}

function keyButton({ run }: OpenReview, { key, command, words, look = '', off }: Button): TemplateResult {
  return html`<button class="key ${look}" data-command=${command} aria-keyshortcuts=${key === '↵' ? 'Enter' : key} title=${off === undefined || off === false ? nothing : off} ?disabled=${off !== undefined && off !== false} @click=${() => { run(command); }}><kbd aria-hidden="true">${key}</kbd><span>${words}</span></button>`;
}

/** What can be done, with the key of each. */
export function footer(page: OpenReview): TemplateResult {
  const { item, session, view: { mode } } = page;
  if (mode.kind === 'reasons') return reasons(page);
  const busy = isTyping(mode) && 'Save or leave what you are writing first';
  const none = busy || (!item && 'No path is shown');
  const cut = item !== undefined && item.text.length < item.length && 'This path is too long to be amended here';
  return html`<footer class="foot" role="group" aria-label="Decisions">
    ${keyButton(page, { key: 'a', command: 'accept', words: 'Accept', look: 'btn primary', off: none })}
    ${keyButton(page, { key: 'x', command: 'reject', words: 'Reject', off: none })}
    ${keyButton(page, { key: 'u', command: 'unsure', words: 'Unsure', off: none })}
    ${keyButton(page, { key: 'e', command: 'amend', words: 'Amend', off: none || cut })}
    ${keyButton(page, { key: 'n', command: 'note', words: 'Note', look: 'wide-only', off: none })}
    ${keyButton(page, { key: 's', command: 'markStep', words: 'Bad Step', look: 'wide-only', off: none })}
    ${keyButton(page, { key: 'z', command: 'undo', words: 'Undo', off: busy || (session.done.length === 0 && 'Nothing to undo') })}
    <span class="grow"></span>
    ${compareButton(page, busy)}
    ${keyButton(page, { key: '?', command: 'keys', words: 'All Keys', look: 'dim', off: busy })}
  </footer>`;
}

/** Stands for the rail where that has no place, and ends a comparison everywhere. */
function compareButton(page: OpenReview, off: Button['off']): TemplateResult | typeof nothing {
  const { item, view: { compare } } = page;
  const ends = item !== undefined && compare?.path === item.path;
  if (!item || (item.rail.length < 2 && !ends)) return nothing;
  return keyButton(page, { key: 'c', command: 'compare', words: ends ? 'End Comparison' : `${item.rail.length} Paths`, look: ends ? 'dim' : 'dim narrow-only', off });
}

/** Why a path is rejected: for one key, in the place of the footer. */
function reasons(page: OpenReview): TemplateResult {
  return html`<footer class="foot reasons" tabindex="-1" role="group" aria-label="Why rejected? 1 to 9, or Enter for no reason">
    <b class="whole">${icon('error', 'bad')} Rejected</b>
    ${rejectReasons.map((reason, at) => keyButton(page, { key: String(at + 1), command: commandOf(at), words: reasonWords[reason] }))}
    <span class="grow"></span>
    ${keyButton(page, { key: '↵', command: 'confirm', words: 'None', look: 'dim' })}
    ${keyButton(page, { key: 'z', command: 'undo', words: 'Undo', look: 'dim' })}
  </footer>`;
}

const reasonCommands = ['reason1', 'reason2', 'reason3', 'reason4', 'reason5', 'reason6', 'reason7', 'reason8', 'reason9'] as const;
const commandOf = (at: number): ReviewCommand => reasonCommands[at] ?? 'reason9';
