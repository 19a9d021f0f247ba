import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../kit/icon.ts';
import { menu } from '../kit/menu.ts';
import type { OpenPage } from './state.ts';

/** Whose page it is, with what it works, how far it is, and what to do next. */
export function header({ snapshot, open, view, send, keep }: OpenPage): TemplateResult {
  const { server, run, primary } = open;
  const isEmpty = open.tasks.trainable + open.tasks.heldOut === 0;
  const command = (id: string) => () => { send({ kind: 'command', command: id }); };
  return html`<header class="header">
    <h1 title=${snapshot.folder}>${snapshot.name}</h1>
    ${run ? nothing : html`<span class="dim">${open.recipe === null ? 'no recipe yet' : `recipe ${open.recipe}`}</span>`}
    ${open.simulated ? html`<span class="tag">${icon('beaker')}simulation</span>` : nothing}
    ${server ? html`<span class="tag chip" title=${server.hint}>${icon(server.icon, server.icon === 'vm-running' ? 'ok' : '')}<span class="ell">${server.words}</span></span>` : isEmpty ? nothing : html`<span class="tag">${icon('plug')}no server</span>`}
    ${run ? html`<span class="tag chip" title=${run.hint}>${icon('sync', 'codicon-modifier-spin')}<span class="ell">${run.words}</span></span>` : nothing}
    <span class="grow"></span>
    ${isEmpty ? nothing : html`<button class="btn primary" @click=${() => { send({ kind: 'command', command: primary.command, ...(primary.sample === undefined ? {} : { sample: primary.sample }) }); }}>${primary.icon === undefined ? nothing : icon(primary.icon)}${primary.title}</button>`}
    ${menu('More Actions', open.menu.map(({ command: id, title, icon: name }) => ({ title, icon: name, choose: command(id) })), { open: view.menu, set: value => { keep({ menu: value }); } })}
  </header>`;
}
