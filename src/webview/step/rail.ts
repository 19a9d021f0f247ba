import { html, nothing, type TemplateResult } from 'lit';
import type { SteppedStage } from '../../contract/stepper.ts';
import { icon } from '../kit/icon.ts';
import { lookAt, type OpenStep } from './state.ts';

const looks: Readonly<Record<SteppedStage['state'], { readonly icon: string; readonly tone: string; readonly word: string }>> = {
  done: { icon: 'pass', tone: 'ok', word: 'done' },
  stale: { icon: 'history', tone: 'warn', word: 'stale' },
  next: { icon: 'arrow-circle-right', tone: 'info', word: 'next' },
  waits: { icon: 'circle-large-outline', tone: 'dim', word: 'waits' },
  failed: { icon: 'error', tone: 'bad', word: 'failed' },
  running: { icon: 'sync', tone: 'info codicon-modifier-spin', word: 'running' },
};

/** When something was, as a clock shows it; with its day where that is not today. */
function clock(atMs: number): string {
  const at = new Date(atMs);
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString()} ${time}`;
}

/** The stages of the branch, with how each stands. */
export function rail({ branch, stage: open, send, keep }: OpenStep): TemplateResult {
  return html`<nav class="rail" aria-labelledby="stages-head">
    <h2 id="stages-head">Stages</h2>
    <ul>${branch.stages.map(each => html`<li>${row(each, each.stage === open.stage, () => { lookAt({ keep, send }, each.stage); })}</li>`)}</ul>
    ${branch.absent.length > 0 ? html`<p class="dim small absent">Not in this branch: ${branch.absent.join(', ')}.</p>` : nothing}
    ${branch.family.length > 0 ? family(branch.family, branch.branch.id, id => { send({ kind: 'open', branch: id }); }) : nothing}
  </nav>`;
}

function row(each: SteppedStage, isOpen: boolean, look: () => void): TemplateResult {
  const { icon: name, tone, word } = looks[each.state];
  const { edited, shared, words, stage } = each;
  return html`<button class="stage ${isOpen ? 'open' : ''}" aria-current=${isOpen ? 'step' : nothing} data-stage=${stage} @click=${look}>
    ${icon(name, tone)}<span class="grow"><span class="name">${stage}</span><span class="state dim">${word}</span>
      ${edited ? html`<span class="aside dim">${icon('edit')}${edited.what === 'prompt' ? 'prompt edited' : 'edited'}${edited.atMs === undefined ? '' : ` at ${clock(edited.atMs)}`}</span>` : nothing}
      ${shared ? html`<span class="aside dim">${icon('git-branch')}shared with the source</span>` : nothing}
      ${words === undefined ? nothing : html`<span class="aside dim">${words}</span>`}</span>
  </button>`;
}

function family(members: OpenStep['branch']['family'], own: string, open: (id: string) => void): TemplateResult {
  return html`<h2 id="family-head">Branch and forks</h2>
    <ul aria-labelledby="family-head">${members.map(({ id, title }) => html`<li>${id === own
      ? html`<span class="kin" aria-current="true">${icon('git-branch')}<b>${title}</b></span>`
      : html`<button class="kin" @click=${() => { open(id); }}>${icon('git-branch')}${title}</button>`}</li>`)}</ul>`;
}
