import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { thousands, visible } from '../../client/words.ts';
import { trainingPage, type TrainingHalf, type TrainingIntent, type TrainingSnapshot } from '../../contract/pages/training.ts';
import { icon } from '../kit/icon.ts';
import { startPage } from '../kit/page.ts';
import { part } from '../kit/figures.ts';
import { previewed } from './preview.ts';
import { ruleForm } from './rule.ts';
import type { TrainingPage, TrainingView } from './state.ts';
import { datasetPart, focusAdded, planned, trainingForm } from './training.ts';
import { notReady } from './words.ts';

const titles: Readonly<Record<TrainingHalf, string>> = { both: 'Export and Fine-Tune', export: 'Export Dataset', train: 'Fine-Tune' };

function buttons(page: TrainingPage): TemplateResult {
  const { snapshot, send } = page;
  const { half, work, preview, wrong } = snapshot;
  if (work) {
    return html`<span role="status">${work.total === 0 ? 'Beginning…' : `${thousands(work.done)} of ${thousands(work.total)} ${work.words}`}</span><button class="btn" @click=${() => { send({ kind: 'cancel' }); }}>${icon('debug-stop')}Cancel</button>`;
  }
  const empty = preview?.records === 0 || wrong !== undefined;
  if (half === 'export') return html`<button class="btn primary" id="export" ?disabled=${empty} @click=${() => { send({ kind: 'export' }); }}>${icon('export')}Export…</button>`;
  const not = notReady(snapshot);
  return html`<div class="tools">
    ${half === 'both' ? html`<button class="btn" id="export" ?disabled=${empty} @click=${() => { send({ kind: 'export' }); }}>Export Only…</button>` : nothing}
    <button class="btn primary" id="start" ?disabled=${not !== undefined} title=${not ?? nothing} @click=${() => { if (modelIsNamed()) send({ kind: 'start' }); }}>${icon('mortar-board')}${half === 'both' ? 'Export and Fine-Tune' : 'Fine-Tune'}</button></div>`;
}

/** Where it is not, the browser says so at the field. */
function modelIsNamed(): boolean {
  const field = document.getElementById('model');
  return !(field instanceof HTMLInputElement) || field.reportValidity();
}

function head(page: TrainingPage): TemplateResult {
  const { name, half, work } = page.snapshot;
  return html`<header class="header"><h1 class="ell">${titles[half]}</h1><span class="dim ell">${visible(name)}</span><span class="grow"></span>${buttons(page)}</header>
    ${work && work.total > 0 ? html`<svg class="bar" width="100%" height="4" aria-hidden="true"><rect width=${part(work.done, work.total)} height="4"/></svg>` : nothing}`;
}

/** On the left what is chosen, on the right what comes of it. */
function columns(page: TrainingPage): TemplateResult {
  const { half } = page.snapshot;
  const training = half === 'export' ? nothing : trainingForm(page);
  const left = half === 'train' ? html`${datasetPart(page)}${training}` : html`${training}${ruleForm(page)}`;
  const right = half === 'train' ? planned(page) : html`${previewed(page)}${planned(page)}`;
  return html`<div class="halves"><div>${left}</div><div>${right}</div></div>`;
}

let focused = false;

startPage<TrainingSnapshot, TrainingIntent, TrainingView>({
  contract: trainingPage, view: z.object({ record: z.number() }), firstView: { record: 0 },
  draw: page => html`${head(page)}${columns(page)}`,
  drawn: ({ snapshot: { planning, looking } }) => {
    focusAdded();
    if (focused || planning || looking) return;
    focused = true;
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('.primary:enabled')?.focus();
  },
});
