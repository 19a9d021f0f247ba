import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { counted, thousands, visible } from '../../client/words.ts';
import type { TrainingPreset, TrainingSetting } from '../../contract/jobs.ts';
import { typedValue, type HyperparameterValue } from '../../core/model/trainingJob.ts';
import { input, select, shownIn, valueIn } from '../kit/fields.ts';
import { icon } from '../kit/icon.ts';
import type { TrainingPage } from './state.ts';
import { earlierWords } from './words.ts';

/** Where and how it is learnt. */
export function trainingForm(page: TrainingPage): TemplateResult {
  const { snapshot, send } = page;
  const { targets, broken, earlier } = snapshot;
  return html`<section class="section" aria-labelledby="training-head">
    <div class="row"><h2 id="training-head">Training</h2></div>
    ${targets.length === 0 ? noTarget(page) : html`<div class="form">${targetField(page)}${modelField(page)}</div>${answers(page)}`}
    ${broken.map(words => html`<div class="row problem" role="alert">${icon('warning', 'warn')}<span class="grow">${visible(words)}</span><button class="link" @click=${() => { send({ kind: 'settings' }); }}>Open Settings</button></div>`)}
    ${earlier === undefined ? nothing : html`<div class="row problem">${icon('history')}<span class="grow">${earlierWords(snapshot)}</span><button class="link" @click=${() => { send({ kind: 'show-job', job: earlier.id }); }}>Show Job</button></div>`}
    ${presetPart(page)}
  </section>`;
}

const busy = ({ snapshot: { work } }: TrainingPage): boolean => work !== undefined;

function noTarget({ snapshot: { unplanned }, take }: TrainingPage): TemplateResult {
  return html`<p>${unplanned ?? 'No training target is saved yet.'}</p><p class="row"><button class="btn" @click=${() => { take('regenesis.target.add'); }}>${icon('add')}Add Target…</button></p>`;
}

function targetField(page: TrainingPage): TemplateResult {
  const { snapshot: { draft: { target }, targets }, send, take } = page;
  const none = target === '' ? [{ value: '', words: 'Choose a target' }] : [];
  const chosen = targets.find(({ name }) => name === target);
  return html`<div class="with-button">${select({
    id: 'target', label: 'Target', value: target, choices: [...none, ...targets.map(({ name }) => ({ value: name, words: visible(name) }))], disabled: busy(page), ...(chosen ? { hint: `${chosen.kind} · ${visible(chosen.place)}` } : {}),
    choose: value => { send({ kind: 'draft', wish: { kind: 'choose', choice: { target: value } } }); },
  })}<button class="act" title="Add Target…" aria-label="Add Target…" @click=${() => { take('regenesis.target.add'); }}>${icon('add')}</button></div>`;
}

const modelField = (page: TrainingPage): TemplateResult => input({
  id: 'model', label: 'Base model', value: page.snapshot.draft.model, placeholder: 'as the target knows it', required: true, disabled: busy(page), ...(page.snapshot.baseWords === undefined ? {} : { hint: visible(page.snapshot.baseWords) }), change: model => { page.send({ kind: 'draft', wish: { kind: 'choose', choice: { model } } }); },
});

/** Whether the target answers, in its own words. */
function answers({ snapshot: { plan, planning, unplanned, targets, draft }, send, take }: TrainingPage): TemplateResult {
  const again = html`<button class="link" @click=${() => { send({ kind: 'look' }); }}>Ask Again</button>`;
  if (planning) return html`<div class="row problem" role="status">${icon('loading', 'codicon-modifier-spin')}<span class="dim">Asking the target…</span></div>`;
  if (unplanned !== undefined) return html`<div class="row problem" role="status">${icon('info')}<span class="grow">${visible(unplanned)}</span></div>`;
  if (!plan) return html``;
  const { version, problem } = plan.target;
  if (problem === undefined) return html`<div class="row problem" role="status">${icon('pass', 'ok')}<span class="grow">It answers: ${visible(version ?? 'yes')}</span>${again}</div>`;
  const kind = targets.find(({ name }) => name === draft.target)?.kind;
  return html`<div class="row problem" role="alert">${icon('warning', 'warn')}<span class="grow text">${visible(problem)}</span>
    ${kind === 'openai' || kind === 'ray' ? html`<button class="link" @click=${() => { take('regenesis.target.key'); }}>Set Target Key…</button>` : nothing}
    <button class="link" @click=${() => { send({ kind: 'settings' }); }}>Open Settings</button>${again}</div>`;
}

function presetPart(page: TrainingPage): TemplateResult {
  const { snapshot: { draft: { preset, changes }, presets }, send } = page;
  const chosen = presets.find(({ name }) => name === preset);
  const changed = Object.keys(changes).length;
  return html`
    <div class="form">${select({
      id: 'preset', label: 'Preset', value: preset, choices: presets.map(({ name, method }) => ({ value: name, words: `${name} · ${method}` })), disabled: busy(page), choose: value => { send({ kind: 'draft', wish: { kind: 'choose', choice: { preset: value } } }); },
    })}</div>
    <p class="small dim">${chosen?.about ?? ''}</p>
    <details class="values" ?open=${changed > 0}><summary>Hyper-parameters${changed > 0 ? html`, <b>${counted(changed, 'value')} changed</b>` : nothing}</summary>
      ${changed > 0 ? html`<p><button class="link" ?disabled=${busy(page)} @click=${() => { send({ kind: 'draft', wish: { kind: 'preset-values' } }); }}>Reset All</button></p>` : nothing}
      ${chosen ? valueTable(page, chosen) : nothing}
    </details>`;
}

function valueTable(page: TrainingPage, { name, hyperparameters }: TrainingPreset): TemplateResult {
  const { snapshot: { draft: { changes }, settings } } = page;
  const shown = { ...hyperparameters, ...changes };
  return html`<table class="small" aria-label="Hyper-parameters of ${name}">
    <thead><tr><th scope="col">Name</th><th scope="col">Value</th><th scope="col"><span class="spoken">Change</span></th></tr></thead>
    <tbody>${Object.entries(shown).map(([key, value]) => valueRow(page, { key, value, usual: hyperparameters[key], isChanged: key in changes, setting: settings.find(each => each.name === key) }))}</tbody>
  </table>${addSetting(page, settings.filter(each => !(each.name in shown)))}`;
}

/** Name of the setting that was added just now. */
let added: string | undefined;

/** Moves the focus to the field of a setting that was added, once it is there: a person has come for it. */
export function focusAdded(): void {
  const field = added === undefined ? null : document.getElementById(`value-${added}`);
  if (!field) return;
  added = undefined;
  field.focus();
}

/** Takes in what the preset does not name, as it is anyway: it is changed in its row. */
function addSetting(page: TrainingPage, settings: readonly TrainingSetting[]): TemplateResult | typeof nothing {
  if (settings.length === 0) return nothing;
  const choices = settings.map(({ name, usual }) => ({ value: name, words: usual === '' ? name : `${name} · ${String(usual)}` }));
  return html`<div class="form">${select({
    id: 'add-setting', label: 'Add a setting', value: '', choices: [{ value: '', words: 'Not named by the preset' }, ...choices], disabled: busy(page),
    choose: name => {
      const chosen = settings.find(each => each.name === name);
      if (!chosen) return;
      added = name;
      page.send({ kind: 'draft', wish: { kind: 'value', name, value: chosen.usual } });
    },
  })}</div>`;
}

interface ValueRow {
  readonly key: string;
  readonly value: HyperparameterValue;
  readonly usual: HyperparameterValue | undefined;
  readonly isChanged: boolean;
  /** Absent for what the code does not know. */
  readonly setting: TrainingSetting | undefined;
}

function valueRow(page: TrainingPage, row: ValueRow): TemplateResult {
  const { key, usual, isChanged } = row;
  const set = (given: HyperparameterValue | null) => { page.send({ kind: 'draft', wish: { kind: 'value', name: key, value: given } }); };
  return html`<tr class=${isChanged ? 'changed' : ''}><th scope="row">${key}</th><td>${valueField(row, { set, disabled: busy(page) })}</td>
    <td>${isChanged ? html`<button class="link ell" title=${usual === undefined ? nothing : String(usual)} ?disabled=${busy(page)} @click=${() => { set(null); }}>${usual === undefined ? 'Remove' : `Reset to ${String(usual)}`}<span class="spoken"> ${key}</span></button>` : nothing}</td></tr>`;
}

interface ValueSetter {
  readonly set: (given: HyperparameterValue | null) => void;
  readonly disabled: boolean;
}

function valueField(row: ValueRow, { set, disabled }: ValueSetter): TemplateResult {
  const { key, value, usual, setting } = row;
  const choices = setting?.choices ?? (typeof (setting?.usual ?? usual) === 'boolean' ? ['true', 'false'] : undefined);
  if (!choices) return typedField(row, { set, disabled });
  return html`<select id="value-${key}" aria-label=${key} ?disabled=${disabled} @change=${(event: Event) => { set(typedValue(valueIn(event))); }}>${choices.map(each => html`<option value=${each} .selected=${live(String(value) === each)}>${each}</option>`)}</select>`;
}

/** What cannot be is said by the browser itself, at the field. An empty one is as in the preset. */
function typedField({ key, value, setting: { least, whole } = { name: key, usual: value } }: ValueRow, { set, disabled }: ValueSetter): TemplateResult {
  const id = `value-${key}`;
  const take = ({ target: field }: Event) => {
    if (!(field instanceof HTMLInputElement) || !field.reportValidity()) return;
    const text = field.value.trim();
    set(text === '' ? null : typedValue(text));
  };
  return html`<input id=${id} type=${least === undefined ? 'text' : 'number'} min=${least ?? nothing} step=${whole === true ? 1 : 'any'} aria-label=${key} spellcheck="false" autocomplete="off"
    ?disabled=${disabled} .value=${live(shownIn(id, String(value)))} @change=${take}>`;
}

/** What exactly is sent, and what runs over there. */
export function planned({ snapshot: { plan, draft } }: TrainingPage): TemplateResult | typeof nothing {
  if (!plan) return nothing;
  const unnamed = draft.model.trim() === '' ? html`<p class="small dim">MODEL stands for the base model, which is to be named.</p>` : nothing;
  return html`<section class="section" aria-labelledby="plan-head">
    <div class="row"><h2 id="plan-head">What is done there</h2></div>
    <dl class="facts small"><dt>Place</dt><dd class="mono">${visible(plan.place)}</dd><dt>Command</dt><dd class="mono">${visible(plan.command)}</dd>
      <dt>Files</dt><dd class="mono">${plan.files.map(file => html`<span class="file-name">${visible(file)}</span> `)}</dd></dl>${unnamed}
  </section>`;
}

/** The training set that was exported before. */
export function datasetPart(page: TrainingPage): TemplateResult {
  const { snapshot: { dataset }, send } = page;
  const facts = dataset?.facts;
  return html`<section class="section" aria-labelledby="dataset-head">
    <div class="row"><h2 id="dataset-head">Training set</h2><span class="grow"></span><button class="link" ?disabled=${busy(page)} @click=${() => { send({ kind: 'dataset' }); }}>Another File…</button></div>
    <p class="mono small">${visible(dataset?.path ?? '')}</p>
    ${dataset?.wrong === undefined ? nothing : html`<div class="row problem" role="alert">${icon('error', 'bad')}<span class="text">${dataset.wrong}</span></div>`}
    ${facts ? html`<p>${counted(facts.records, 'record')} of ${counted(facts.tasks, 'task')} in ${facts.format}: ${thousands(facts.hinted)} hinted, ${thousands(facts.humanEdited)} human-edited, ${thousands(facts.reviewed)} reviewed. ${facts.simulated ? html`<span class="tag">${icon('beaker')}simulation</span>` : nothing}</p>` : nothing}
  </section>`;
}
