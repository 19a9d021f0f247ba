import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { thousands, visible } from '../../client/words.ts';
import { jobPage, type JobFact, type JobIntent, type JobSnapshot, type OpenJob } from '../../contract/pages/job.ts';
import { part } from '../kit/figures.ts';
import { icon } from '../kit/icon.ts';
import { menu } from '../kit/menu.ts';
import { startPage, type Drawn } from '../kit/page.ts';
import { notShown } from '../kit/states.ts';
import { Charts } from './charts.ts';
import { curveOf, latest, lossWords, rateWords, thinned, type Curve } from './curve.ts';

const viewSchema = z.object({ menu: z.boolean() });
type Page = Drawn<JobSnapshot, JobIntent, z.infer<typeof viewSchema>>;
type OpenPage = Page & { readonly open: OpenJob; readonly curve: Curve };

/** Rows of the table that stands for the curve where it is not seen. */
const mostRows = 24;

function draw(page: Page): TemplateResult {
  const { snapshot: { shown, title, project }, send, take } = page;
  if (shown.kind === 'job') return drawJob({ ...page, open: shown, curve: curveOf(shown.points) });
  const head = html`<header class="header"><h1>${title}</h1><span class="dim">${visible(project)}</span></header>`;
  if (shown.kind === 'missing') return html`${head}<p class="empty" role="status">${visible(project)} has no ${title.toLowerCase()} any more.</p>`;
  return html`${head}${notShown(shown, project, { reopen: () => { send({ kind: 'reopen' }); }, take })}`;
}

const drawJob = (page: OpenPage): TemplateResult => html`
  ${header(page)}
  ${advice(page)}
  ${progress(page.open)}
  <div class="job-middle">
    ${curves(page)}
    <div class="job-side">${trained(page.open)}${files(page)}</div>
  </div>
  ${log(page)}
  ${command(page)}
  ${timeline(page.open)}`;

function header({ snapshot: { title }, open, view, send, keep }: OpenPage): TemplateResult {
  const { state, where, simulated, primary } = open;
  const items = open.menu.map(({ wish, title: name, icon: mark }) => ({ title: name, icon: mark, choose: () => { send({ kind: 'wish', wish }); } }));
  return html`<header class="header job-header">
    <h1>${title}</h1>
    <span class="tag" data-state=${state.word}>${icon(state.icon, `${state.tone} ${state.icon === 'sync' || state.icon === 'loading' ? 'codicon-modifier-spin' : ''}`)}${state.word}</span>
    ${simulated ? html`<span class="tag" title="What it learns from came from the demo server">${icon('beaker')}simulation</span>` : nothing}
    <span class="dim ell grow" title=${where}>${where}</span>
    ${primary ? html`<button class="btn ${primary.wish === 'cancel' ? '' : 'primary'}" @click=${() => { send({ kind: 'wish', wish: primary.wish }); }}>${primary.title}</button>` : nothing}
    ${menu('More Actions', items, { open: view.menu, set: value => { keep({ menu: value }); } })}
  </header>`;
}

function advice({ open: { advice: given }, send }: OpenPage): TemplateResult | typeof nothing {
  if (!given) return nothing;
  const { title, tone, said, todo, key } = given;
  return html`<section class="advice ${tone}-edge" aria-label="What is wrong">
    ${icon(tone === 'bad' ? 'error' : 'debug-disconnect', tone)}
    <div class="grow"><b>${title}</b>${said === undefined ? nothing : html`<p class="text">${visible(said)}</p>`}<p class="dim">${todo}</p></div>
    ${key ? html`<button class="btn primary" @click=${() => { send({ kind: 'wish', wish: 'key' }); }}>${icon('key')}${key.title}</button>` : nothing}
  </section>`;
}

function progress({ progress: { words, ratio }, figures }: OpenJob): TemplateResult {
  const percent = ratio === null ? '' : `${Math.floor(ratio * 100)} %`;
  return html`<section class="job-progress" aria-label="Progress">
    <div class="job-bar">
      <div class="row"><b class="grow">${words}</b><span class="dim">${percent}</span></div>
      <svg class="bar" width="100%" height="4" role="progressbar" aria-label="Steps" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${ratio === null ? nothing : Math.floor(ratio * 100)}><rect width=${part(ratio ?? 0, 1)} height="4"/></svg>
    </div>
    <dl class="job-figures">${figures.map(({ name, value }) => html`<div><dt class="dim">${name}</dt><dd><b>${visible(value)}</b></dd></div>`)}</dl>
  </section>`;
}

function curves({ open, curve, send, announce }: OpenPage): TemplateResult {
  const copy = () => {
    send({ kind: 'copy', what: 'curve' });
    announce('Copied as CSV');
  };
  if (curve.steps.length === 0) return html`<section class="job-curves" aria-labelledby="loss-head"><h2 id="loss-head">Loss</h2><p class="dim">The curve is drawn from the first step on.</p></section>`;
  const [loss, held, rate] = [latest(curve.smoothed), latest(curve.heldOut), latest(curve.learningRate)];
  const peak = Math.max(...curve.learningRate.map(value => value ?? 0));
  return html`<section class="job-curves" aria-labelledby="loss-head">
    <div class="row">
      <h2 id="loss-head">Loss</h2>
      <span class="key"><svg width="16" height="8" aria-hidden="true"><line class="s-blue" x1="0" x2="16" y1="4" y2="4" stroke-width="2"/></svg>training, smoothed ${lossWords(loss)}</span>
      ${held === undefined ? nothing : html`<span class="key"><svg width="10" height="10" aria-hidden="true"><circle class="s-orange" cx="5" cy="5" r="3.5" stroke-width="2"/></svg>held out ${lossWords(held)}</span>`}
      <span class="grow"></span><span class="dim small reading" data-reading aria-hidden="true"></span>
      <button class="act" title="Copy as CSV" aria-label="Copy as CSV" @click=${copy}>${icon('copy')}</button>
    </div>
    <div class="plot" data-plot="loss" role="img" aria-label="Loss over ${thousands(open.steps ?? curve.steps.at(-1) ?? 0)} steps; the table below has its values"></div>
    <p class="small rate-head">Learning rate <span class="dim">${rateWords(rate)} now, peak ${rateWords(peak)}</span></p>
    <div class="plot" data-plot="rate" role="img" aria-label="Learning rate over the same steps"></div>
    ${table(curve)}
  </section>`;
}

/** The curve for who cannot see it. */
const table = ({ steps, loss, smoothed, heldOut, learningRate }: Curve): TemplateResult => html`<div class="spoken"><table>
  <caption>Loss by step</caption>
  <thead><tr><th scope="col">Step</th><th scope="col">Loss</th><th scope="col">Smoothed</th><th scope="col">Held out</th><th scope="col">Learning rate</th></tr></thead>
  <tbody>${thinned(steps.map((step, at) => ({ step, at })), mostRows).map(({ step, at }) => html`<tr><th scope="row">${step}</th><td>${lossWords(loss[at])}</td><td>${lossWords(smoothed[at])}</td><td>${lossWords(heldOut[at])}</td><td>${rateWords(learningRate[at])}</td></tr>`)}</tbody>
</table></div>`;

/** A path breaks behind a slash sooner than within a name. */
const breaking = (text: string): readonly TemplateResult[] => visible(text).split(/(?<=\/)/).map(part => html`${part}<wbr>`);

const fact = ({ name, value, hint }: JobFact): TemplateResult => html`<dt>${name}</dt><dd class="text" title=${hint === undefined ? nothing : visible(hint)}>${breaking(value)}</dd>`;

const trained = ({ trained: facts }: OpenJob): TemplateResult => html`<section aria-labelledby="trained-head"><h2 id="trained-head">What is trained</h2><dl class="job-facts">${facts.map(fact)}</dl></section>`;

function files({ open, send }: OpenPage): TemplateResult {
  return html`<section aria-labelledby="files-head">
    <h2 id="files-head">Files</h2>
    <p class="dim small text place" title=${visible(open.place)}>sent to ${breaking(open.place)}</p>
    <ul class="plain-list">${open.files.slice(0, 2).map(({ name, words }, at) => html`<li class="row"><button class="link mono ell" @click=${() => { send({ kind: 'open', file: at }); }}>${visible(name)}</button><span class="dim small">${words}</span></li>`)}</ul>
    <button class="link" @click=${() => { send({ kind: 'wish', wish: 'files' }); }}>Open Folder</button>
  </section>`;
}

function log({ open, send }: OpenPage): TemplateResult {
  return html`<section class="job-section" aria-labelledby="log-head">
    <div class="row"><h2 id="log-head">Log</h2><span class="dim small">${open.logWords}</span><span class="grow"></span><button class="act" @click=${() => { send({ kind: 'wish', wish: 'log' }); }}>${icon('output')}Open Log</button></div>
    ${open.log.length === 0 ? nothing : html`<pre class="job-log" tabindex="0" role="region" aria-label="Last lines of the log">${open.log.map(line => html`<span>${visible(line)}</span>\n`)}</pre>`}
  </section>`;
}

function command({ open, send, announce }: OpenPage): TemplateResult {
  const copy = () => {
    send({ kind: 'copy', what: 'command' });
    announce('Copied');
  };
  return html`<section class="job-section" aria-labelledby="command-head">
    <div class="row"><h2 id="command-head">Command</h2><span class="grow"></span><button class="act" title="Copy Command" aria-label="Copy Command" @click=${copy}>${icon('copy')}</button></div>
    <pre class="job-command">${visible(open.command)}</pre>
  </section>`;
}

const clock = (ms: number): string => new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = (ms: number): string => new Date(ms).toLocaleDateString([], { day: 'numeric', month: 'short' });

/** What has become of it: a day stands where another one begins. */
const timeline = ({ events }: OpenJob): TemplateResult => html`<section class="job-section" aria-labelledby="events-head">
  <h2 id="events-head">What has become of it</h2>
  <ol class="plain-list">${events.map(({ atMs, icon: name, tone, word, words }, at) => {
    const before = events[at - 1];
    const dated = before === undefined || day(before.atMs) !== day(atMs);
    return html`<li class="event"><time class="dim mono" datetime=${new Date(atMs).toISOString()}>${dated ? html`${day(atMs)} ` : nothing}${clock(atMs)}</time><span class="event-word">${icon(name, tone)}${word}</span><span class="text grow">${visible(words)}</span></li>`;
  })}</ol>
</section>`;

const charts = new Charts();

startPage({
  contract: jobPage, view: viewSchema, firstView: { menu: false }, draw,
  drawn: ({ snapshot: { shown } }) => { if (shown.kind === 'job') charts.show({ curve: curveOf(shown.points), steps: shown.steps }); },
});
