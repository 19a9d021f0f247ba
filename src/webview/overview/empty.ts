import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../kit/icon.ts';
import type { OpenPage } from './state.ts';

interface Choice {
  readonly icon: string;
  readonly title: string;
  readonly words: string;
  readonly button: string;
  readonly command: string;
  readonly tag?: string;
}

const choices: readonly Choice[] = [
  { icon: 'play-circle', title: 'Try the demo', tag: 'simulation', words: 'Sample tasks and a simulated model on this machine. It takes about a minute and needs no server and no key.', button: 'Try the Demo', command: 'regenesis.demo.try' },
  { icon: 'cloud-download', title: 'Import tasks', words: 'A JSON lines, JSON, CSV, TSV, Parquet or XML file with a question and an answer in each row.', button: 'Import Tasks…', command: 'regenesis.tasks.import' },
  { icon: 'plug', title: 'Connect a server', words: 'Any model server that speaks the OpenAI protocol, such as vLLM. A probe shows what it can do.', button: 'Add Server…', command: 'regenesis.server.add' },
];

/** A project without tasks: three ways to begin. */
export const emptyProject = ({ snapshot, send }: OpenPage): TemplateResult => html`<section class="begin" aria-labelledby="begin-head">
  <h2 id="begin-head" class="large">This project has no tasks yet.</h2>
  <p class="dim">Guidelines, structures and paths are made from tasks whose answers are known. Start in one of three ways.</p>
  <ul class="choices">${choices.map((choice, place) => html`<li>
    <h3>${icon(choice.icon)}${choice.title}${choice.tag === undefined ? nothing : html`<span class="tag">${choice.tag}</span>`}</h3>
    <p class="dim">${choice.words}</p>
    <button class="btn ${place === 0 ? 'primary' : ''}" @click=${() => { send({ kind: 'command', command: choice.command }); }}>${choice.button}</button>
  </li>`)}</ul>
  <p class="dim">Tasks, answers and reviews are stored in <code>${snapshot.file}</code>.</p>
</section>`;
