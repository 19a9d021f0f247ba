import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { thousands } from '../../client/words.ts';
import type { StagePrompt } from '../../contract/stepper.ts';
import { icon } from '../kit/icon.ts';
import { longestShaded, shading, tokenWords } from '../kit/shading.ts';
import { saveByKey, unsaved } from './saving.ts';
import { lookAt, promptDraft, promptKey, type OpenStep } from './state.ts';

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
    <div class="written">${draft === undefined && text.length <= longestShaded ? html`<pre class="behind shades" aria-hidden="true">${shading(prompt, index)}</pre>` : html`<pre class="behind" aria-hidden="true">${text.length <= longestShaded ? `${text}\n` : ''}</pre>`}
      <textarea class=${text.length > longestShaded ? 'long' : ''} spellcheck="false" aria-label="Prompt, ${role} message" ?readonly=${!mayEdit(page)} .value=${live(text)}
        @input=${(event: Event) => { type(page, prompt, { index, event }); }} @keydown=${saveByKey} @save=${() => { save(page, prompt); }}></textarea></div>
  </div>`;
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
