import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { kindWords, visible } from '../../client/words.ts';
import { stepPage, type StepIntent, type StepSnapshot } from '../../contract/pages/step.ts';
import type { BranchStages } from '../../contract/stepper.ts';
import { icon } from '../kit/icon.ts';
import { startPage, type Drawn } from '../kit/page.ts';
import { measureShared } from '../kit/shading.ts';
import { notShown } from '../kit/states.ts';
import { answerColumn } from './answer.ts';
import { promptColumn } from './prompt.ts';
import { rail } from './rail.ts';
import { answerDraft, lookAt, promptDraft, staleStages, stepViewSchema, type OpenStep, type StepView } from './state.ts';

type Page = Drawn<StepSnapshot, StepIntent, StepView>;

function openStep({ snapshot: { shown, watched }, ...page }: Page): OpenStep | undefined {
  if (shown.kind !== 'branch') return undefined;
  const { branch, prompt } = shown;
  const stage = branch.stages.find(each => each.stage === shown.stage);
  return stage && { ...page, branch, stage, prompt, watched, running: branch.stages.some(({ state }) => state === 'running') };
}

function draw(page: Page): TemplateResult {
  const { snapshot: { shown, name }, send, take } = page;
  const open = openStep(page);
  if (shown.kind === 'branch') return open ? html`<div class="step">${header(open)}<div class="columns">${rail(open)}${promptColumn(open)}${answerColumn(open)}</div>${footer(open)}</div>` : html``;
  return html`${notShown(shown, name, { reopen: () => { send({ kind: 'reopen' }); }, take })}`;
}


function header({ branch: { task, branch, server, recipe } }: OpenStep): TemplateResult {
  return html`<header class="header">
    <h1>${visible(task.id)}</h1>
    <details class="question grow"><summary class="dim ell" title="The whole question">${visible(task.question.slice(0, 400))}</summary><p class="text">${visible(task.question)}</p></details>
    <span class="dim known">${kindWords[task.answerKind]}${task.gold === undefined ? ', no known answer' : html`, known <b>${visible(task.gold.slice(0, 60))}</b>`}</span>
    <span class="tag" title="Recipe ${recipe.name}, round ${branch.round}">${icon('lightbulb')}${branch.title}${branch.round === 2 ? ' · hint round' : ''}${branch.fork ? ' · fork' : ''}</span>
    ${branch.edited ? html`<span class="tag" title="A person wrote an answer or a prompt of it">${icon('edit')}edited</span>` : nothing}
    ${server ? html`<span class="tag" title=${server.baseUrl}>${icon(server.simulated ? 'beaker' : 'vm-running', server.simulated ? '' : 'ok')}${server.model}${server.simulated ? ' · simulation' : ''}</span>` : html`<span class="tag">${icon('plug')}no server</span>`}
  </header>`;
}

function footer(page: OpenStep): TemplateResult {
  const { branch, watched, running } = page;
  return html`<footer class="actions">
    ${watched ? html`<span class="row">${icon('eye')} Watching: what a run asks of this branch is shown as it is written.</span>` : buttons(page)}
    <span class="grow"></span>
    <span class="says row" role="status">${says(branch, running)}</span>
  </footer>`;
}

function run({ send, keep }: OpenStep, toEnd: boolean): void {
  keep({ stage: null });
  send({ kind: 'run', toEnd });
}

function buttons(page: OpenStep): TemplateResult {
  const { stage, running, prompt } = page;
  const before = stageBefore(page);
  const forkable = !running && prompt !== null && stage.stage !== 'judge';
  return html`${runButtons(page)}
    <button class="btn" ?disabled=${before === undefined} title="Look at the stage before (b)" @click=${() => { back(page, before); }}>Back</button>
    <button class="btn" ?disabled=${!forkable} title="Copy the branch: share what stands before ${stage.stage}, and go another way from there (f)" @click=${() => { fork(page); }}>Fork</button>
    ${inclusion(page)}`;
}

function runButtons(page: OpenStep): TemplateResult {
  const { branch, running, send } = page;
  const next = branch.stages.find(each => each.next)?.stage;
  const unsaved = promptDraft(page) !== undefined || answerDraft(page) !== undefined;
  const blocked = running || next === undefined || unsaved;
  const title = unsaved ? 'Save or discard what you typed first' : next === undefined ? 'Nothing is left to ask' : undefined;
  const toEnd = html`<button class="btn" ?disabled=${blocked} title=${title ?? 'Ask everything that is left (e)'} @click=${() => { run(page, true); }}>Run to End</button>`;
  if (running) return html`<button class="btn primary" data-run @click=${() => { send({ kind: 'stop' }); }}>${icon('debug-stop')}Stop</button>${toEnd}`;
  return html`<button class="btn primary" data-run ?disabled=${blocked} title=${title ?? `Ask ${next ?? ''} (r)`} @click=${() => { run(page, false); }}>${icon('play')}Run Stage</button>${toEnd}`;
}

/** Whether a fork takes part in the selection is a person's word. */
function inclusion({ branch: { branch: { fork: of } }, running, send }: OpenStep): TemplateResult | typeof nothing {
  if (!of) return nothing;
  const change = ({ target }: Event) => { if (target instanceof HTMLInputElement) send({ kind: 'include', included: target.checked }); };
  return html`<label class="check small"><input type="checkbox" .checked=${live(of.included)} ?disabled=${running} @change=${change}>Takes part in the selection</label>`;
}

function stageBefore({ branch, stage }: OpenStep): BranchStages['stages'][number]['stage'] | undefined {
  const asking = branch.stages.filter(({ asks }) => asks).map(each => each.stage);
  return stage.asks ? asking[asking.indexOf(stage.stage) - 1] : asking.at(-1);
}

function back(page: OpenStep, before: BranchStages['stages'][number]['stage'] | undefined): void {
  if (before !== undefined) lookAt(page, before);
}

function fork({ stage, prompt, send }: OpenStep): void {
  if (stage.asks && prompt) send({ kind: 'fork', stage: prompt.stage });
}

/** What a person should know now, in one sentence. */
function says(branch: BranchStages, running: boolean): TemplateResult | string {
  if (branch.problem && !running) return html`${icon('error', 'bad')}<span>${branch.problem.message}</span>`;
  const stale = staleStages(branch);
  if (stale.length > 0) {
    const edited = branch.stages.findLast(each => each.edited)?.stage;
    return html`${icon('history', 'warn')}<span>Stale since ${edited === undefined ? 'a prompt or an input changed' : `${edited} was edited`}: ${stale.join(', ')}</span>`;
  }
  return branch.note === undefined ? '' : html`${icon('info', 'info')}<span>${branch.note}</span>`;
}

function press(key: string, page: Page): boolean {
  const open = openStep(page);
  if (!open) return false;
  if (key === 'ArrowDown' || key === 'ArrowUp') return moveFocus(key === 'ArrowDown' ? 1 : -1);
  if (open.watched) return false;
  const label = { r: 'Run Stage', e: 'Run to End', b: 'Back', f: 'Fork' }[key];
  const button = [...document.querySelectorAll<HTMLButtonElement>('.actions .btn')].find(each => each.textContent.trim() === label);
  if (!button || button.disabled) return false;
  button.click();
  return true;
}

function moveFocus(by: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-stage]')];
  const at = document.activeElement instanceof HTMLElement ? rows.indexOf(document.activeElement) : -1;
  if (at < 0) return false;
  rows[at + by]?.focus();
  return true;
}

let looked = false;

/** Things that follow the text: the bar beside what is shared, the end of what is written, and the stage that was looked at before a reload. */
function drawn(page: Page): void {
  measureShared();
  const writing = document.querySelector('.writing');
  if (writing) writing.scrollTop = writing.scrollHeight;
  const { snapshot: { shown }, view, send } = page;
  if (looked || shown.kind !== 'branch') return;
  looked = true;
  if (view.stage !== null && view.stage !== shown.stage) send({ kind: 'look', stage: view.stage });
}

startPage({ contract: stepPage, view: stepViewSchema, firstView: { stage: null, answer: null, prompt: null }, draw, drawn, key: press });
