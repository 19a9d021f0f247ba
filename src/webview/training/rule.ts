import { html, nothing, type TemplateResult } from 'lit';
import { exportFormats, holdsRejected, lengthUnits, matchUnits, reviewRules, sampleUnits, wrapperRules } from '../../core/model/exportRule.ts';
import { input, oneOf, select } from '../kit/fields.ts';
import type { TrainingPage } from './state.ts';
import { formatWords, isUsual, lengthChange, matchChange, matchChoices, optionalNumber, percentOf, sampleChange, shareOf, splitChange } from './words.ts';

/** What goes into the training set. */
export function ruleForm(page: TrainingPage): TemplateResult {
  const { snapshot: { half, draft: { rule } }, send } = page;
  return html`<section class="section" aria-labelledby="rule-head">
    <div class="row"><h2 id="rule-head">What goes in</h2><span class="grow"></span>${isUsual(rule) ? nothing : html`<button class="link" ?disabled=${busy(page)} @click=${() => { send({ kind: 'draft', wish: { kind: 'usual-rule' } }); }}>Reset</button>`}</div>
    <div class="form">${formatField(page)}${reviewsField(page)}${hintedField(page)}${perTaskField(page)}${pairsField(page)}${wrapperField(page)}</div>
    <fieldset class="form"><legend>Length of a path</legend>${lengthFields(page)}</fieldset>
    ${matchPart(page)}
    <fieldset class="form"><legend>Sample and split, each task wholly on one side</legend>${sampleFields(page)}${splitFields(page)}${seedField(page)}</fieldset>
    ${half === 'export' ? cardBox(page) : nothing}
  </section>`;
}

const busy = ({ snapshot: { work } }: TrainingPage): boolean => work !== undefined;

function formatField(page: TrainingPage): TemplateResult {
  const { snapshot: { draft: { format }, formats }, send } = page;
  const choose = (value: string) => {
    const chosen = oneOf(exportFormats, value);
    if (chosen) send({ kind: 'draft', wish: { kind: 'choose', choice: { format: chosen } } });
  };
  return select({ id: 'format', label: 'Format', value: format, choices: formats.map(each => ({ value: each, words: each })), hint: formatWords[format], disabled: busy(page), choose });
}

function reviewsField(page: TrainingPage): TemplateResult {
  const { snapshot: { draft: { rule } }, send } = page;
  const choose = (value: string) => {
    const reviews = oneOf(reviewRules, value);
    if (reviews) send({ kind: 'draft', wish: { kind: 'rule', change: { reviews } } });
  };
  return select({ id: 'reviews', label: 'Reviews', value: rule.reviews, choices: [{ value: 'any', words: 'Reviewed or not' }, { value: 'reviewed-only', words: 'Reviewed only' }], disabled: busy(page), choose });
}

function wrapperField(page: TrainingPage): TemplateResult {
  const { snapshot: { draft: { rule } }, send } = page;
  const choose = (value: string) => {
    const wrapper = oneOf(wrapperRules, value);
    if (wrapper) send({ kind: 'draft', wish: { kind: 'rule', change: { wrapper } } });
  };
  return select({ id: 'wrapper', label: 'Before the question', value: rule.wrapper, choices: [{ value: 'fitting', words: 'Fitting instruction' }, { value: 'none', words: 'Nothing' }], disabled: busy(page), choose });
}

const hintedField = (page: TrainingPage): TemplateResult => input({
  id: 'hinted', label: 'Hinted at most, in %', value: percentOf(page.snapshot.draft.rule.hintedShare), required: true, number: { least: 0, most: 100, step: 0.1 }, disabled: busy(page),
  change: value => { page.send({ kind: 'draft', wish: { kind: 'rule', change: { hintedShare: shareOf(value) } } }); },
});

const perTaskField = (page: TrainingPage): TemplateResult => input({
  id: 'per-task', label: 'Paths per task at most', value: String(page.snapshot.draft.rule.pathsPerTask ?? ''), placeholder: 'all that are kept', number: { least: 1, step: 1 }, disabled: busy(page),
  change: value => { page.send({ kind: 'draft', wish: { kind: 'rule', change: { pathsPerTask: optionalNumber(value) } } }); },
});

const pairsField = (page: TrainingPage): TemplateResult | typeof nothing => (page.snapshot.draft.format !== 'dpo' ? nothing : input({
  id: 'pairs', label: 'Worse paths for each better', value: String(page.snapshot.draft.rule.rejectedPerChosen), required: true, number: { least: 1, step: 1 }, disabled: busy(page),
  change: value => { page.send({ kind: 'draft', wish: { kind: 'rule', change: { rejectedPerChosen: Number(value) } } }); },
}));

function lengthFields(page: TrainingPage): TemplateResult {
  const { snapshot: { draft: { rule } }, send } = page;
  const { length } = rule;
  const disabled = busy(page);
  const choose = (value: string) => {
    const unit = oneOf(lengthUnits, value);
    if (unit) send({ kind: 'draft', wish: { kind: 'rule', change: lengthChange(rule, { unit }) } });
  };
  return html`
    ${input({ id: 'least', label: 'At least', value: String(length?.least ?? ''), placeholder: 'any', number: { least: 0, step: 1 }, disabled, change: least => { send({ kind: 'draft', wish: { kind: 'rule', change: lengthChange(rule, { least }) } }); } })}
    ${input({ id: 'most', label: 'At most', value: String(length?.most ?? ''), placeholder: 'any', number: { least: 0, step: 1 }, disabled, change: most => { send({ kind: 'draft', wish: { kind: 'rule', change: lengthChange(rule, { most }) } }); } })}
    ${select({ id: 'unit', label: 'Counted in', value: length?.unit ?? 'characters', choices: lengthUnits.map(unit => ({ value: unit, words: unit })), disabled, choose })}`;
}

function sampleFields(page: TrainingPage): TemplateResult {
  const { snapshot: { draft: { rule } }, send } = page;
  const { sample } = rule;
  const disabled = busy(page);
  const choose = (value: string) => {
    const by = oneOf(sampleUnits, value);
    if (by) send({ kind: 'draft', wish: { kind: 'rule', change: sampleChange(rule, { by }) } });
  };
  return html`
    ${input({ id: 'sample', label: 'Sample of', value: String(sample?.count ?? ''), placeholder: 'all', number: { least: 1, step: 1 }, disabled, change: count => { send({ kind: 'draft', wish: { kind: 'rule', change: sampleChange(rule, { count }) } }); } })}
    ${select({ id: 'sampled', label: 'Counts', value: sample?.by ?? 'tasks', choices: sampleUnits.map(unit => ({ value: unit, words: unit })), disabled: disabled || sample === undefined, choose })}`;
}

const matchWords: Readonly<Record<(typeof matchUnits)[number], string>> = { 'paths-per-task': 'Paths of each task', 'paths': 'Paths in all' };

/** As many paths as another training set has; nothing where there is no other one, or the format holds more than paths to be learnt. */
function matchPart(page: TrainingPage): TemplateResult | typeof nothing {
  const { snapshot, send } = page;
  const { draft: { rule, format } } = snapshot;
  const [choices, disabled] = [matchChoices(snapshot), busy(page)];
  if (choices.length === 1 || (holdsRejected(format) && rule.match === undefined)) return nothing;
  const choose = (value: string) => {
    const by = oneOf(matchUnits, value);
    if (by) send({ kind: 'draft', wish: { kind: 'rule', change: matchChange(rule, { by }) } });
  };
  return html`<fieldset class="form"><legend>As many as another training set has</legend>
    ${select({ id: 'match', label: 'Equal to', value: rule.match?.manifest ?? '', choices, disabled, choose: manifest => { send({ kind: 'draft', wish: { kind: 'rule', change: matchChange(rule, { manifest }) } }); } })}
    ${select({ id: 'match-by', label: 'In', value: rule.match?.by ?? 'paths-per-task', choices: matchUnits.map(unit => ({ value: unit, words: matchWords[unit] })), disabled: disabled || rule.match === undefined, choose })}</fieldset>`;
}

function splitFields(page: TrainingPage): TemplateResult {
  const { snapshot: { draft: { rule } }, send } = page;
  const { split } = rule;
  const disabled = busy(page);
  return html`
    ${input({ id: 'split', label: 'Split off, in %', value: split ? percentOf(split.share) : '', placeholder: 'nothing', number: { least: 0.1, most: 99.9, step: 0.1 }, disabled, change: percent => { send({ kind: 'draft', wish: { kind: 'rule', change: splitChange(rule, { percent }) } }); } })}
    ${input({ id: 'split-name', label: 'Called', value: split?.name ?? 'validation', required: true, pattern: { source: '[a-z][a-z0-9\\-]{0,39}', words: 'Lower-case letters, digits and hyphens, a letter first' }, disabled: disabled || split === undefined,
      change: name => { send({ kind: 'draft', wish: { kind: 'rule', change: splitChange(rule, { name }) } }); } })}`;
}

const seedField = (page: TrainingPage): TemplateResult => input({
  id: 'seed', label: 'Seed', value: String(page.snapshot.draft.rule.seed), required: true, number: { least: 0, step: 1 }, disabled: busy(page),
  change: value => { page.send({ kind: 'draft', wish: { kind: 'rule', change: { seed: Number(value) } } }); },
});

function cardBox(page: TrainingPage): TemplateResult {
  const { snapshot: { draft: { card } }, send } = page;
  return html`<div class="row"><label class="check"><input type="checkbox" .checked=${card} ?disabled=${busy(page)} @change=${(event: Event) => {
    send({ kind: 'draft', wish: { kind: 'choose', choice: { card: event.target instanceof HTMLInputElement && event.target.checked } } });
  }}>Write a dataset card too: README.md beside it, as the Hub shows it</label></div>`;
}

