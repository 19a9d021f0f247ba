import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { thousands, visible } from '../../client/words.ts';
import { listPage, type ListIntent, type ListRow, type ListSnapshot } from '../../contract/pages/list.ts';
import { icon } from '../kit/icon.ts';
import { startPage, type Drawn } from '../kit/page.ts';
import { pager } from '../kit/pager.ts';
import { notShown } from '../kit/states.ts';

type Page = Drawn<ListSnapshot, ListIntent, object>;

function draw(page: Page): TemplateResult {
  const { snapshot: { name, title, kind, shown }, send, take } = page;
  return html`<header class="header">
      <h1>${visible(title)}</h1><span class="dim">${name}</span>
      ${shown.kind === 'rows' ? html`<span class="tag" role="status">${thousands(shown.total)}</span>${shown.simulated ? html`<span class="tag">${icon('beaker')}simulation</span>` : nothing}` : nothing}
      <span class="grow"></span>
      ${shown.kind === 'rows' && shown.total > 0 && kind !== 'changes' ? html`<button class="link" @click=${() => { send({ kind: 'review' }); }}>Review These</button>` : nothing}
      ${shown.kind === 'rows' ? pager({ from: shown.from, count: shown.rows.length, total: shown.total, more: shown.more }, to => { send({ kind: 'turn', to }); }) : nothing}
    </header>
    ${shown.kind === 'rows' ? rows(page, shown.rows) : notShown(shown, name, { reopen: () => { send({ kind: 'reopen' }); }, take })}`;
}

/** What the columns of each kind of list are called. */
const heads = { tasks: { of: 'Paths', text: 'Question' }, paths: { of: 'Branch', text: 'Path' }, changes: { of: 'Answer', text: 'Question' } } as const;

function rows({ snapshot: { kind }, send }: Page, lines: readonly ListRow[]): TemplateResult {
  if (lines.length === 0) return html`<p class="empty dim">There are none${kind === 'paths' ? ' now' : ''}.</p>`;
  return html`<section class="list"><table>
    <thead><tr><th class="l-state" scope="col">State</th><th class="l-task" scope="col">Task</th><th class="l-of" scope="col">${heads[kind].of}</th><th scope="col">${heads[kind].text}</th></tr></thead>
    <tbody>${lines.map(line => html`<tr class="opens" @click=${() => { send({ kind: 'open', id: line.id }); }}>
      <td class="l-state" title=${line.state}>${icon(line.icon, line.tone)} ${line.state}</td>
      <td class="l-task" title=${visible(line.task)}>${visible(line.task)}</td>
      <td class="l-of" title=${line.of}>${line.of}</td>
      <td><button class="num ell wide" data-figure>${visible(line.excerpt)}</button></td>
    </tr>`)}</tbody>
  </table></section>`;
}

/** Arrows go from row to row; Enter opens, as on any button. */
function press(key: string): boolean {
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
  const lines = [...document.querySelectorAll<HTMLElement>('[data-figure]')];
  const at = document.activeElement instanceof HTMLElement ? lines.indexOf(document.activeElement) : -1;
  const next = lines[at + (key === 'ArrowDown' ? 1 : -1)];
  next?.focus();
  return next !== undefined;
}

startPage({ contract: listPage, view: z.object({}), firstView: {}, draw, key: press });
