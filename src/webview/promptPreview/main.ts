import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { thousands, visible } from '../../client/words.ts';
import { promptLookSchema, promptPreviewPage, type PromptCost, type PromptLook, type PromptPreviewIntent, type PromptPreviewSnapshot } from '../../contract/pages/promptPreview.ts';
import type { PromptPreview, StandIn } from '../../contract/prompts.ts';
import { icon } from '../kit/icon.ts';
import { startPage, type Drawn } from '../kit/page.ts';
import { longestShaded, measureShared, shading, tokenWords } from '../kit/shading.ts';
import { notShown } from '../kit/states.ts';

/** What was looked at when the window was left; null: whatever the host chooses. */
const viewSchema = z.object({ at: z.nullable(promptLookSchema) });
type Page = Drawn<PromptPreviewSnapshot, PromptPreviewIntent, z.infer<typeof viewSchema>>;
type Open = Extract<PromptPreviewSnapshot['shown'], { kind: 'preview' }>;
type Prompt = NonNullable<PromptPreview['shown']>;

function draw(page: Page): TemplateResult {
  const { snapshot: { shown, name }, send, take } = page;
  if (shown.kind !== 'preview') return notShown(shown, name, { reopen: () => { send({ kind: 'reopen' }); }, take });
  const prompt = shown.preview.shown ?? shown.last;
  return html`<div class="preview">${header(page, shown, prompt)}${cost(shown)}${problems(page, shown.preview)}${notes(shown.preview, prompt)}${prompt ? messages(prompt, shown.preview.shown === null) : nothing}</div>`;
}

function header(page: Page, { preview: { recipe, stages }, unsaved }: Open, prompt: Prompt | null): TemplateResult {
  const { snapshot: { file } } = page;
  return html`<header class="header">
    <h1 class="ell" title=${file}>${file.slice(file.lastIndexOf('/') + 1)}</h1>
    ${recipe ? html`<span class="tag" title="Recipe ${recipe.name}">${icon('notebook')}${visible(recipe.title)}</span>` : nothing}
    ${stages.length > 1 ? stagePicker(page, stages, prompt) : prompt ? html`<span class="tag">${prompt.stage}</span>` : nothing}
    ${unsaved ? html`<span class="tag">${icon('circle-filled')}not saved</span>` : nothing}
    <span class="grow"></span>
    ${tryButton(page, stages)}
  </header>
  ${prompt ? place(page, prompt) : nothing}`;
}

/** There is no trial of what evaluations ask: held-out tasks are asked by evaluations alone. */
function tryButton({ send }: Page, stages: PromptPreview['stages']): TemplateResult {
  if (stages.includes('evaluate')) return html`<button class="btn" title="Ask a model a few held-out tasks with the prompt as it is saved" @click=${() => { send({ kind: 'evaluate' }); }}>${icon('beaker')}Evaluate Model…</button>`;
  return html`<button class="btn" title="Run the prompts as they are now, and as they were run last, on a few tasks, and compare" @click=${() => { send({ kind: 'try' }); }}>${icon('beaker')}Try on Sample…</button>`;
}

function stagePicker({ send }: Page, stages: PromptPreview['stages'], prompt: Prompt | null): TemplateResult {
  const change = ({ target }: Event) => {
    const stage = target instanceof HTMLSelectElement ? stages.find(each => each === target.value) : undefined;
    if (stage && stage !== 'evaluate') send({ kind: 'look', at: { ...(prompt ? lookOf(prompt) : {}), stage } });
  };
  return html`<label class="field"><span class="dim">Stage</span><select @change=${change}>${stages.map(stage => html`<option value=${stage} ?selected=${stage === prompt?.stage}>${stage}</option>`)}</select></label>`;
}

/** For which task and branch it is shown; what evaluations ask has no branch. */
function place({ send }: Page, { task, branch, ...prompt }: Prompt): TemplateResult {
  return html`<div class="place">
    <span class="ell of-task" title=${visible(task.question.slice(0, 1_000))}><b>${visible(task.id)}</b> <span class="dim">${visible(task.question.slice(0, 200))}</span></span>
    <button class="link" @click=${() => { send({ kind: 'pick', what: 'task' }); }}>Another Task…</button>
    ${branch ? html`<span class="ell of-branch">${icon('lightbulb')} ${visible(branch.title)}${branch.round === 2 ? ' · hint round' : ''}</span>
    <button class="link" @click=${() => { send({ kind: 'pick', what: 'branch' }); }}>Another Branch…</button>` : nothing}
    <span class="grow"></span><span class="dim small figures">${tokenWords(prompt)} · answer up to ${thousands(prompt.limit)}</span>
  </div>`;
}

const tones = { quiet: { icon: 'check', tone: 'ok' }, stale: { icon: 'history', tone: 'warn' }, broken: { icon: 'error', tone: 'bad' } } as const;

/** What changes when it is saved; dim while it is counted anew. */
function cost({ cost: found, counting }: Open): TemplateResult {
  return html`<section class="cost ${counting ? 'counting' : ''}" aria-label="What saving changes" aria-live="polite" aria-busy=${String(counting)}>${costLines(found)}</section>`;
}

function costLines(found: PromptCost): TemplateResult | readonly TemplateResult[] {
  switch (found.kind) {
    case 'none': return html`<p class="dim">${icon('loading', 'codicon-modifier-spin')} Counting what saving would make stale…</p>`;
    case 'failed': return html`<p>${icon('warning', 'warn')} ${found.words}</p>`;
    case 'known': return found.lines.map(({ tone, words, figures }) => html`<p>${icon(tones[tone].icon, tones[tone].tone)} ${words}${figures === '' ? nothing : html` <span class="dim">${figures}</span>`}</p>`);
  }
}

function problems({ send }: Page, { problems: found }: PromptPreview): TemplateResult | typeof nothing {
  if (found.length === 0) return nothing;
  return html`<section class="problems" aria-label="Problems"><ul>${found.slice(0, 20).map(({ file, line, column, severity, message }) => html`<li>${icon(severity, severity === 'error' ? 'bad' : 'warn')}<span class="spoken">${severity}: </span>
    <button class="link" @click=${() => { send({ kind: 'reveal', file, line, column }); }}>${file}:${line}</button> <span>${message}</span></li>`)}</ul></section>`;
}

/** Why there is no trial of it. */
const untried = 'A prompt of evaluations has no trial: trials run train tasks through a recipe, and none ever asks a held-out task. Save it, and evaluate a model on a few tasks (Only 50 Tasks of Each Set) to see what it comes to.';

function notes(preview: PromptPreview, prompt: Prompt | null): TemplateResult {
  const words = [
    ...(preview.note === undefined ? [] : [preview.note]),
    ...(preview.stages.includes('evaluate') ? [untried] : []),
    ...(preview.shown === null && prompt ? ['What is shown below is from before the problem.'] : []),
    ...(prompt ? standInWords(prompt.standIns) : []),
    ...(prompt?.edited === true ? ['Somebody wrote a prompt of their own for this branch: that is sent, and shown, instead of the file’s.'] : []),
  ];
  return html`${words.map(each => html`<p class="note small">${icon('info', 'info')} ${each}</p>`)}`;
}

function standInWords(standIns: readonly StandIn[]): readonly string[] {
  const of = (from: StandIn['from']) => standIns.filter(each => each.from === from).map(({ stage }) => stage);
  const [former, missing] = [of('former'), of('nothing')];
  return [
    ...(former.length === 0 ? [] : [`The marked text is the ${former.join(' and the ')} of before a change: ${former.length === 1 ? 'it is' : 'they are'} asked anew first.`]),
    ...(missing.length === 0 ? [] : [`Marked is what is not there yet: ${missing.join(' and ')} ${missing.length === 1 ? 'comes' : 'come'} first. Run the branch to see the whole prompt.`]),
  ];
}

function messages(prompt: Prompt, isFormer: boolean): TemplateResult {
  return html`<div class="sent ${isFormer ? 'former-prompt' : ''}" aria-label=${isFormer ? 'The prompt as it was before the problem' : 'The prompt as it would be sent'} role="region" tabindex="0">${prompt.messages.map(({ role, content, tokens }, index) => html`<div class="message">
    <div class="role"><b>${role}</b><span class="dim">${thousands(tokens)} tokens</span><span class="grow"></span>${index === 0 && prompt.sharedBy > 0 ? html`<span class="dim">shaded: shared by ${thousands(prompt.sharedBy)} branches</span>` : nothing}</div>
    <div class="written"><pre class="shades mono">${content.length > longestShaded ? content : shading(prompt, index)}</pre></div>
  </div>`)}</div>`;
}

const lookOf = ({ task, branch, stage }: Prompt): PromptLook => ({ task: task.id, ...(branch ? { branch: branch.id, round: branch.round } : {}), ...(stage === 'evaluate' ? {} : { stage }) });

let looked = false;

/** After a reload the same is looked at as before; from then on what is on screen is kept. */
function drawn({ snapshot: { shown }, view, send, keep }: Page): void {
  measureShared();
  if (shown.kind !== 'preview' || !shown.preview.shown) return;
  const at = lookOf(shown.preview.shown);
  const isSame = JSON.stringify(at) === JSON.stringify(view.at);
  if (!looked && view.at && !isSame) send({ kind: 'look', at: view.at });
  else if (!isSame) keep({ at });
  looked = true;
}

startPage({ contract: promptPreviewPage, view: viewSchema, firstView: { at: null }, draw, drawn });
