import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { branchWords, codeWords, counted, thousands, visible } from '../../client/words.ts';
import { promptTrialPage, type PromptTrialIntent, type PromptTrialSnapshot } from '../../contract/pages/promptTrial.ts';
import type { TrialReport, TriedShare, TriedSide } from '../../contract/prompts.ts';
import { icon } from '../kit/icon.ts';
import { startPage, type Drawn } from '../kit/page.ts';
import { differenceWords } from './words.ts';

/** Tasks whose outputs are folded out. */
const viewSchema = z.object({ open: z.array(z.string()) });
type View = z.infer<typeof viewSchema>;
type Page = Drawn<PromptTrialSnapshot, PromptTrialIntent, View>;

function draw(page: Page): TemplateResult {
  const { snapshot: { file, trial }, send } = page;
  const again = html`<button class="btn" title="Run both versions once more" @click=${() => { send({ kind: 'try' }); }}>${icon('beaker')}Try on Sample…</button>`;
  if (!trial) return html`<header class="header"><h1>${file}</h1></header><div class="empty" role="status"><p>This trial is not kept any more: nothing of it comes into the project.</p><p>${again}</p></div>`;
  const { report, atMs } = trial;
  return html`<div class="trial"><header class="header">
      <h1 class="ell" title=${file}>${file.slice(file.lastIndexOf('/') + 1)}</h1><span class="tag" title="Recipe ${report.recipe.name}">${icon('notebook')}${visible(report.recipe.title)}</span>
      <span class="tag" title=${report.server.baseUrl}>${icon(report.server.simulated ? 'beaker' : 'vm-running')}${report.server.model}${report.server.simulated ? ' · simulation' : ''}</span>
      <span class="dim small">${new Date(atMs).toLocaleString()}</span><span class="grow"></span>${again}
    </header>
    ${sums(report)}
    ${rows(page, report)}</div>`;
}

const percent = (value: number): string => `${Math.round(value * 100)} %`;

function sums(report: TrialReport): TemplateResult {
  const { before, after, tasks } = report;
  const row = (name: string, of: (share: TriedShare) => TemplateResult | string) => html`<tr><th scope="row">${name}</th><td>${of(before)}</td><td>${of(after)}</td></tr>`;
  return html`<section class="shares" aria-label="Sums"><table>
      <thead><tr><th scope="col">${counted(tasks.length, 'task')}, one branch each</th><th scope="col">Before</th><th scope="col">Now</th></tr></thead>
      <tbody>
        ${row('Correct', ({ correct, of }) => (of === 0 ? 'no known answers' : `${percent(correct / of)}, ${thousands(correct)} of ${thousands(of)}`))}
        ${row('95 % interval', interval)}
        ${row('Prompt tokens (est.)', ({ promptTokens }) => thousands(promptTokens))}
        ${row('Answer tokens', ({ outputTokens }) => (outputTokens === null ? 'not all counted' : thousands(outputTokens)))}
        ${row('Calls made', ({ calls }) => thousands(calls))}
      </tbody></table>
    <p>${differenceWords(report)}</p><p class="dim small">Before: as the recipe was when it was run last, or as it is saved where it never was.</p></section>`;
}

function interval({ of, low, high }: TriedShare): TemplateResult | string {
  if (of === 0) return '–';
  return html`<span class="whole">${percent(low)} to ${percent(high)}</span><svg class="range" width="100%" height="8" aria-hidden="true"><rect class="s-line" x="0" y="1.5" width="100%" height="5"/><rect class="f-blue" x=${`${100 * low}%`} y="1" width=${`${100 * (high - low)}%`} height="6"/></svg>`;
}

const marks: Readonly<Record<TriedSide['verdict'], { readonly icon: string; readonly tone: string }>> = {
  correct: { icon: 'pass', tone: 'ok' }, incorrect: { icon: 'error', tone: 'bad' }, unreadable: { icon: 'circle-slash', tone: 'warn' }, unjudged: { icon: 'question', tone: 'dim' }, lost: { icon: 'circle-slash', tone: 'bad' },
};

function rows(page: Page, { tasks, stage }: TrialReport): TemplateResult {
  return html`<section class="tried" aria-label="Tasks"><div class="tried-head" aria-hidden="true"><span>Task</span><span>Before</span><span>Now</span></div>
    ${tasks.map(task => html`<article aria-label=${visible(task.id)}>
      ${summary(page, task)}
      ${page.view.open.includes(task.id) ? html`<div class="outputs">${output(`${stage}, before`, task.before)}${output(`${stage}, now`, task.after)}</div>` : nothing}
    </article>`)}</section>`;
}

function summary({ view, keep }: Page, { id, question, gold, branch, before, after }: TrialReport['tasks'][number]): TemplateResult {
  const isOpen = view.open.includes(id);
  const fold = () => { keep({ open: isOpen ? view.open.filter(each => each !== id) : [...view.open, id] }); };
  const differs = (before.verdict === 'correct') !== (after.verdict === 'correct');
  return html`<button class="summary ${differs ? 'differs' : ''}" aria-expanded=${String(isOpen)} @click=${fold}>
    <span class="about">${icon(isOpen ? 'chevron-down' : 'chevron-right')}<span class="lines"><b class="ell">${visible(id)}</b><span class="ell dim small">${visible(question.slice(0, 160))}</span><span class="ell dim small">${branchWords(branch)}${gold === null ? ' · no known answer' : ` · known ${visible(gold.slice(0, 40))}`}</span></span></span>
    ${side('before', before)}${side('now', after)}</button>`;
}

function side(name: string, { verdict, reason, extracted, promptTokens, outputTokens }: TriedSide): TemplateResult {
  const read = extracted === null ? codeWords(reason) : `read ${visible(extracted.slice(0, 60))}`;
  return html`<span class="tried-side">${icon(marks[verdict].icon, marks[verdict].tone)}<span class="lines"><span class="ell"><span class="spoken">${name}: </span>${verdict}</span><span class="ell dim small">${read}</span><span class="ell dim small">${thousands(promptTokens)} + ${outputTokens === null ? '?' : thousands(outputTokens)} tok</span></span></span>`;
}

const output = (name: string, { text }: TriedSide): TemplateResult =>
  html`<figure><figcaption class="small dim">${name}</figcaption>${text === null ? html`<p class="dim">It came to nothing.</p>` : html`<pre class="text mono" tabindex="0" aria-label=${name}>${visible(text)}</pre>`}</figure>`;

startPage({ contract: promptTrialPage, view: viewSchema, firstView: { open: [] }, draw });
