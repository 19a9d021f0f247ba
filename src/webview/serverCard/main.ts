import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { counted, thousands, visible } from '../../client/words.ts';
import { serverCardPage, type CapabilityRow, type ServerCard } from '../../contract/pages/serverCard.ts';
import { icon } from '../kit/icon.ts';
import { startPage } from '../kit/page.ts';

const marks: Readonly<Record<CapabilityRow['state'], { readonly icon: string; readonly tone: string }>> = {
  supported: { icon: 'pass', tone: 'ok' }, ignored: { icon: 'warning', tone: 'warn' }, refused: { icon: 'circle-slash', tone: 'bad' }, untested: { icon: 'question', tone: 'dim' },
};

const row = ({ title, state, word, meaning }: CapabilityRow): TemplateResult => html`
  <tr>
    <th scope="row">${title}</th>
    <td><span class="row">${icon(marks[state].icon, marks[state].tone)}${word}</span></td>
    <td>${meaning}</td>
  </tr>`;

const fact = (name: string, value: string | TemplateResult): TemplateResult => html`<dt>${name}</dt><dd>${value}</dd>`;

/** Of very many models only the first were handed over, so that nobody here knows how many there are. */
const rest = (count: number): string => (count <= 0 ? '' : count > 100 ? 'and many more' : `and ${counted(count, 'other model')}`);

function facts({ server, from, role, kind, identity, contextTokens, models, lineage, model, project }: ServerCard): TemplateResult {
  const tuned = (name: string) => (Object.hasOwn(lineage, name) ? lineage[name] : undefined); // a server may name its models as it likes, such as `constructor`
  // a model that was tuned here is not one of very many
  const others = models.filter(each => each !== model).toSorted((one, other) => Number(tuned(other) !== undefined) - Number(tuned(one) !== undefined));
  const own = tuned(model);
  return html`<dl class="facts">
    ${fact('Address', html`${server} <span class="dim">as seen from ${from}</span>`)}
    ${fact('Role', html`${role} <span class="dim">for ${visible(project)}</span>`)}
    ${own === undefined ? nothing : fact('Tuned', visible(own.replace(/^tuned /, '')))}
    ${kind === undefined ? nothing : fact('Kind', kind)}
    ${identity === undefined ? nothing : fact('Identity', html`<span class="text">${visible(identity)}</span>`)}
    ${contextTokens === undefined ? nothing : fact('Context', `${thousands(contextTokens)} tokens, prompt and answer together`)}
    ${others.length === 0 ? nothing : fact('Also serves', html`${others.slice(0, 12).map((name, place) => html`<span class="served">${visible(name)}${tuned(name) === undefined ? nothing : html` <span class="dim">(${visible(tuned(name) ?? '')})</span>`}${place + 1 < others.length ? ',' : ''}</span> `)}${rest(others.length - 12)}`)}
  </dl>`;
}

const note = ({ testing, tested, problem }: ServerCard): string => {
  if (testing) return 'Asking the server…';
  if (tested && problem === undefined) return 'Tested by a few tiny completions.';
  return `${problem === undefined ? 'By what the server says of itself. ' : ''}Test sends a few completions of some tokens each; until then a run does without what is untested, where it can.`;
};

startPage({
  contract: serverCardPage, view: z.object({}), firstView: {},
  draw: ({ snapshot, send }) => html`
    <header class="header">
      <h1 class="ell">${visible(snapshot.model)}</h1>
      ${snapshot.simulated ? html`<span class="tag">${icon('beaker')}simulation</span>` : nothing}
      <span class="grow"></span>
      <button class="btn" @click=${() => { send({ kind: 'copy' }); }}>${icon('copy')}Copy</button>
      <button class="btn primary" ?disabled=${snapshot.testing} @click=${() => { send({ kind: 'test' }); }}>${icon(snapshot.testing ? 'loading' : 'beaker', snapshot.testing ? 'codicon-modifier-spin' : '')}${snapshot.tested ? 'Test Again' : 'Test'}</button>
    </header>
    ${snapshot.problem === undefined ? nothing : html`<div class="notice" role="alert">${icon('error', 'bad')}<span class="grow text">${visible(snapshot.problem)}</span></div>`}
    <section class="section" aria-label="The server">${facts(snapshot)}</section>
    <section class="section" aria-label="Capabilities" aria-busy=${snapshot.testing ? 'true' : 'false'}>
      <div class="row"><h2>Capabilities</h2><span class="plain dim" role="status">${note(snapshot)}</span></div>
      <table class="wrapped capabilities">
        <thead><tr><th scope="col">What</th><th scope="col">State</th><th scope="col">What it means for a run</th></tr></thead>
        <tbody>${snapshot.capabilities.map(row)}</tbody>
      </table>
    </section>`,
});
