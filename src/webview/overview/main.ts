import { html, type TemplateResult } from 'lit';
import { overviewPage } from '../../contract/pages/overview.ts';
import { startPage } from '../kit/page.ts';
import { notShown } from '../kit/states.ts';
import { emptyProject } from './empty.ts';
import { funnel } from './funnel.ts';
import { guidelines } from './guidelines.ts';
import { header } from './header.ts';
import { coverage, hatchPattern, passRates } from './rates.ts';
import { runs } from './runs.ts';
import { firstView, viewSchema, type OpenPage, type Page } from './state.ts';

function draw(page: Page): TemplateResult {
  const { snapshot: { name, shown }, send, take } = page;
  if (shown.kind === 'open') return drawOpen({ ...page, open: shown });
  return html`<header class="header"><h1>${name}</h1></header>
    ${notShown(shown, name, { reopen: () => { send({ kind: 'reopen' }); }, take })}
    ${shown.kind === 'failed' && shown.run !== null ? html`<p class="empty dim" role="status">Its run goes on: ${shown.run}</p>` : ''}`;
}

function drawOpen(page: OpenPage): TemplateResult {
  const { trainable, heldOut } = page.open.tasks;
  if (trainable + heldOut === 0) return html`${header(page)}${emptyProject(page)}`;
  return html`${hatchPattern()}${header(page)}${funnel(page)}
    <div class="middle">${guidelines(page)}<div class="side">${passRates(page)}${coverage(page)}</div></div>
    ${runs(page)}`;
}

/** The figures in the order in which they are read; arrows go from one to the next without leaving the page. */
function moveFocus(by: 1 | -1): boolean {
  const figures = [...document.querySelectorAll<HTMLElement>('.funnel .c-count [data-figure], .rates [data-figure]')];
  const at = document.activeElement instanceof HTMLElement ? figures.indexOf(document.activeElement) : -1;
  const next = figures[at < 0 ? (by === 1 ? 0 : figures.length - 1) : at + by];
  next?.focus();
  return next !== undefined;
}

const commandKeys: Readonly<Record<string, string>> = { r: 'regenesis.run.start', v: 'regenesis.review.next', x: 'regenesis.dataset.export' };

/** Keys of the page. */
function press(key: string, { snapshot: { shown }, send }: Page): boolean {
  if (shown.kind !== 'open') return false;
  if (key === 'ArrowDown' || key === 'ArrowUp') return moveFocus(key === 'ArrowDown' ? 1 : -1);
  const command = commandKeys[key];
  if (command === undefined) return false;
  send({ kind: 'command', command });
  return true;
}

startPage({ contract: overviewPage, view: viewSchema, firstView, draw, key: press });
