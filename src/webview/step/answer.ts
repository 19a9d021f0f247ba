import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { thousands, visible } from '../../client/words.ts';
import type { StagePrompt, Understood } from '../../contract/stepper.ts';
import { icon } from '../kit/icon.ts';
import { saveByKey, unsaved } from './saving.ts';
import { answerDraft, lookAt, type OpenStep } from './state.ts';

const marks: Readonly<Record<Understood['state'], { readonly icon: string; readonly tone: string; readonly word: string }>> = {
  good: { icon: 'pass', tone: 'ok', word: 'good' }, bad: { icon: 'error', tone: 'bad', word: 'bad' }, open: { icon: 'circle-large-outline', tone: 'dim', word: 'open' },
};

/** What the stage gave, or is giving, and what was understood of it. */
export function answerColumn(page: OpenStep): TemplateResult {
  const { prompt, stage } = page;
  if (!prompt) {
    return html`<section class="answer" aria-labelledby="answer-head"><div class="head"><h2 id="answer-head">Finding</h2></div>
      <p class="nothing">${stage.words ?? ''}<span class="dim"> ${stage.state === 'done' ? '' : stage.state === 'stale' ? 'It is stale: the path it was about does not stand any more.' : 'It comes with the path.'}</span></p></section>`;
  }
  return html`<section class="answer" aria-labelledby="answer-head">
    <div class="head"><h2 id="answer-head">Answer</h2><span class="dim small grow ell">${answerWords(page, prompt)}</span><span class="dim small figures">${tokenWords(prompt)}</span></div>
    ${body(page, prompt)}
    ${foot(page, prompt)}
    <div class="understood"><h2 id="understood-head">Understood${prompt.writing ? ' so far' : ''}</h2>
      <dl aria-labelledby="understood-head">${prompt.understood.map(({ what, state, words }) => html`<div>${icon(marks[state].icon, marks[state].tone)}<dt>${what}<span class="spoken"> ${marks[state].word}</span></dt><dd class="dim">${visible(words)}</dd></div>`)}</dl></div>
  </section>`;
}

function answerWords({ stage }: OpenStep, { writing, answer, former }: StagePrompt): string {
  if (writing) return writing.text === '' ? 'waiting for the first word' : 'streaming';
  if (answer) return answer.edited && stage.edited?.what === 'answer' ? 'edited' : '';
  return former ? 'stale: from before the change' : '';
}

function tokenWords({ writing, answer }: StagePrompt): string {
  if (writing) return writing.tokensPerSecond > 0 ? `${thousands(writing.tokensPerSecond)} tokens a second` : '';
  return answer?.outputTokens === undefined ? '' : `${thousands(answer.outputTokens)} tokens`;
}

function body(page: OpenStep, prompt: StagePrompt): TemplateResult {
  const { writing, answer, former } = prompt;
  if (writing) return html`<pre class="text writing mono" tabindex="0" aria-label="Answer, being written" aria-busy="true">${visible(writing.text)}<span class="caret"></span></pre>`;
  if (answer) {
    return html`<textarea class="mono" spellcheck="false" aria-label="Answer of ${prompt.stage}" ?readonly=${!mayEdit(page)} .value=${live(answerDraft(page) ?? answer.text)}
      @input=${(event: Event) => { type(page, answer, event); }} @keydown=${(event: KeyboardEvent) => { saveByKey(event, () => { save(page, prompt); }); }}></textarea>`;
  }
  if (former) return html`<pre class="text former mono dim" tabindex="0" aria-label="Answer from before the change">${visible(former.text)}</pre>`;
  return html`<p class="nothing dim">${prompt.messages.length > 0 && !page.watched ? 'Nothing yet. Run Stage asks for it.' : 'Nothing yet.'}</p>`;
}

const mayEdit = ({ stage, watched, running }: OpenStep): boolean => !watched && !running && stage.stage !== 'judge';

function type({ keep }: OpenStep, answer: NonNullable<StagePrompt['answer']>, { target }: Event): void {
  if (!(target instanceof HTMLTextAreaElement)) return;
  keep({ answer: target.value === answer.text ? null : { of: answer.fingerprint, text: target.value } });
}

function save(page: OpenStep, prompt: StagePrompt): void {
  const text = answerDraft(page);
  if (text === undefined) return;
  page.keep({ answer: null });
  lookAt(page, prompt.stage);
  page.send({ kind: 'edit-answer', stage: prompt.stage, text });
}

function foot(page: OpenStep, prompt: StagePrompt): TemplateResult | typeof nothing {
  if (answerDraft(page) !== undefined) {
    return unsaved({ save: () => { save(page, prompt); }, discard: () => { page.keep({ answer: null }); } });
  }
  const at = prompt.versions.findIndex(({ stands }) => stands);
  const [before, after] = [prompt.versions[at - 1], prompt.versions[at + 1]];
  if (prompt.writing || at < 0 || (!before && !after) || !mayEdit(page)) return nothing;
  const choose = (fingerprint: string) => {
    lookAt(page, prompt.stage);
    page.send({ kind: 'choose-answer', stage: prompt.stage, fingerprint });
  };
  return html`<div class="foot row">${icon('edit')}<span class="grow dim">Version ${at + 1} of ${prompt.versions.length}; none is ever deleted.</span>
    ${before ? html`<button class="btn" @click=${() => { choose(before.fingerprint); }}>${icon('discard')}Undo Edit</button>` : nothing}
    ${after ? html`<button class="btn" @click=${() => { choose(after.fingerprint); }}>${icon('redo')}Redo Edit</button>` : nothing}</div>`;
}
