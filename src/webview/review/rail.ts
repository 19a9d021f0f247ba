import { html, nothing, type TemplateResult } from 'lit';
import { counted, visible } from '../../client/words.ts';
import { railGroups, type ReviewItem } from '../../contract/review.ts';
import { icon } from '../kit/icon.ts';
import { fold, isUnfolded, type OpenItem } from './state.ts';
import { groupLooks } from './words.ts';

/** Paths of a group that are shown before somebody asks for all. */
const mostOfGroup = 5;

/** All paths of the task, by what is known of them. */
export function rail(page: OpenItem): TemplateResult {
  const { item: { rail: paths } } = page;
  return html`<nav class="rail-review" aria-labelledby="rail-head">
    <div class="ch"><h2 id="rail-head">This task</h2><span class="dim plain">${counted(paths.length, 'path')}</span></div>
    ${groups(page)}
    <p class="dim small about">${taskWords(page.item)}</p>
  </nav>`;
}

/** What became of the task so far. */
function taskWords({ rail: paths, task }: ReviewItem): string {
  const hinted = paths.filter(({ round }) => round === 2).length;
  const rounds = hinted === 0 ? '' : `${paths.length === hinted ? 'All' : hinted} of the hint round. `;
  return `${rounds}Kept now: ${task.kept} of ${task.perTask}.`;
}

/** The groups with their paths, each a button. */
export const groups = (page: OpenItem): TemplateResult[] => railGroups.flatMap(name => {
  const own = page.item.rail.filter(({ group }) => group === name);
  return own.length === 0 ? [] : [group(page, name, own)];
});

function group(page: OpenItem, name: (typeof railGroups)[number], paths: ReviewItem['rail']): TemplateResult {
  const look = groupLooks[name];
  const unfolded = isUnfolded(page, `rail ${name}`);
  const shown = unfolded || paths.length <= mostOfGroup + 1 ? paths : paths.filter(({ path }, at) => at < mostOfGroup || path === page.item.path);
  return html`<div class="rg" id="rail-${name}">${icon(look.icon, look.tone)}<span class="grow">${look.title}</span><span class="dim">${paths.length}</span></div>
    <ul aria-labelledby="rail-${name}">${shown.map(({ path, title }) => html`<li><button class="rr ${path === page.item.path ? 'cur' : ''}" aria-current=${path === page.item.path ? 'true' : nothing} title=${visible(title)} @click=${() => { page.go(path); }}><span class="ell">${visible(title)}</span></button></li>`)}
      ${shown.length < paths.length ? html`<li><button class="rr dim" @click=${() => { fold(page, `rail ${name}`); }}>${paths.length - shown.length} more</button></li>` : nothing}</ul>`;
}
