import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { thousands } from '../../client/words.ts';
import type { StagePrompt } from '../../contract/stepper.ts';
import { icon } from '../kit/icon.ts';
import { saveByKey, unsaved } from './saving.ts';
import { lookAt, promptDraft, promptKey, type OpenStep } from './state.ts';

/** Beyond this the shading behind a text costs more than it tells. */
const longestShaded = 200_000;

/** What the stage asks, to the letter. */
export function promptColumn(page: OpenStep): TemplateResult {
  const { prompt } = page;
  const figures = prompt && prompt.messages.length > 0 ? html`<span class="dim small figures">${tokenWords(prompt)}</span>` : nothing;
  return html`<section class="prompt" aria-labelledby="prompt-head">
    <div class="head"><h2 id="prompt-head">Prompt</h2><span class="dim small grow ell">${prompt?.answer && !page.running ? 'as it was sent' : 'as it will be sent'}</span>${figures}</div>
    ${prompt === null || prompt.messages.length === 0 ? html`<p class="nothing dim">${whyEmpty(page)}</p>` : html`<div class="messages">${prompt.messages.map((_message, index) => field(page, prompt, index))}</div>`}
    ${prompt ? foot(page, prompt) : nothing}
  </section>`;
}

function tokenWords({ tokens, sharedTokens, estimated }: StagePrompt): string {
  return `${thousands(tokens)} tokens${sharedTokens > 0 ? `, ${thousands(sharedTokens)} shared` : ''}${estimated ? ' · estimate' : ''}`;
}

function whyEmpty({ stage, prompt, branch }: OpenStep): string {
  if (prompt === null) return `Stage ${stage.stage} asks no model: it is worked out from what the stages before it gave.`;
  const next = branch.stages.find(each => each.next)?.stage;
  const failed = branch.stages.find(each => each.state === 'failed')?.stage;
  if (failed !== undefined) return `The prompt is made of what ${failed} gives, and that has failed. Edit its answer or its prompt, or fork the branch there.`;
  return `The prompt is made of what comes before it${next === undefined ? '' : `: run ${next} first`}.`;
}

function field(page: OpenStep, prompt: StagePrompt, index: number): TemplateResult {
  const { role, content, tokens } = prompt.messages[index] ?? { role: 'user', content: '', tokens: 0 };
  const draft = promptDraft(page)?.[index];
  const text = draft ?? content;
  const shared = index === 0 && prompt.sharedBy > 0;
  return html`<div class="message">
    <div class="role"><b>${role}</b><span class="dim">${thousands(tokens)} tokens</span><span class="grow"></span>${shared ? html`<span class="dim">shared by ${thousands(prompt.sharedBy)} branches</span>` : nothing}</div>
    <div class="written">${draft === undefined && text.length <= longestShaded ? shading(prompt, index) : html`<pre class="behind" aria-hidden="true">${text.length <= longestShaded ? `${text}\n` : ''}</pre>`}
      <textarea class=${text.length > longestShaded ? 'long' : ''} spellcheck="false" aria-label="Prompt, ${role} message" ?readonly=${!mayEdit(page)} .value=${live(text)}
        @input=${(event: Event) => { type(page, prompt, { index, event }); }} @keydown=${(event: KeyboardEvent) => { saveByKey(event, () => { save(page, prompt); }); }}></textarea></div>
  </div>`;
}

/** The same text behind the field: its part that other branches share, and where a text arrives that a person edited. */
function shading({ messages, arrivals }: StagePrompt, index: number): TemplateResult {
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
  return html`<pre class="behind" aria-hidden="true">${block}<span class="shared">${content.slice(Math.min(lines, shared), shared)}</span>${pieces}${content.slice(at)}${'\n'}</pre>`;
}

const mayEdit = ({ stage, watched, running }: OpenStep): boolean => !watched && !running && stage.stage !== 'judge' && stage.shared !== true;

function type({ view, keep }: OpenStep, prompt: StagePrompt, { index, event }: { readonly index: number; readonly event: Event }): void {
  if (!(event.target instanceof HTMLTextAreaElement)) return;
  const of = promptKey(prompt);
  const before = view.prompt?.of === of ? view.prompt.contents : prompt.messages.map(({ content }) => content);
  const contents = before.map((content, at) => (at === index && event.target instanceof HTMLTextAreaElement ? event.target.value : content));
  keep({ prompt: contents.every((content, at) => content === prompt.messages[at]?.content) ? null : { of, contents } });
}

function save(page: OpenStep, prompt: StagePrompt): void {
  const draft = promptDraft(page);
  if (!draft) return;
  page.keep({ prompt: null });
  lookAt(page, prompt.stage);
  page.send({ kind: 'edit-prompt', stage: prompt.stage, messages: prompt.messages.map(({ role }, index) => ({ role, content: draft[index] ?? '' })) });
}

function foot(page: OpenStep, prompt: StagePrompt): TemplateResult | typeof nothing {
  if (promptDraft(page)) {
    return unsaved({ save: () => { save(page, prompt); }, discard: () => { page.keep({ prompt: null }); } });
  }
  const from = [...new Set(prompt.arrivals.map(({ stage }) => stage))];
  if (prompt.edited) {
    return html`<div class="foot row">${icon('edit')}<span class="grow dim">You wrote this prompt. This branch is marked edited for good.</span>
      ${mayEdit(page) ? html`<button class="btn" @click=${() => { page.send({ kind: 'edit-prompt', stage: prompt.stage, messages: null }); }}>Undo Edit</button>` : nothing}</div>`;
  }
  if (from.length === 0) return nothing;
  return html`<div class="foot row">${icon('edit')}<span class="grow dim">The marked text comes from ${from.join(' and ')}, which you edited. This branch is marked edited for good.</span></div>`;
}
