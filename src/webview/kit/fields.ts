import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

/** One of what a field can be. */
export interface Choice {
  readonly value: string;
  readonly words: string;
}

interface Labelled {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly disabled: boolean;
}

/** A field with what it can be. */
export interface SelectField extends Labelled {
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly choose: (value: string) => void;
}

/** A field that a text, or a number with its bounds, is typed into. */
export interface InputField extends Labelled {
  readonly value: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  /** A number; absent: a text. */
  readonly number?: { readonly least: number; readonly most?: number; readonly step?: number };
  /** Of texts: what they have to look like, and that in words. */
  readonly pattern?: { readonly source: string; readonly words: string };
  /** Called with what was typed, once the browser finds nothing wrong with it. */
  readonly change: (value: string) => void;
}

/** What was chosen or typed. */
export const valueIn = (event: Event): string => (event.target instanceof HTMLSelectElement || event.target instanceof HTMLInputElement ? event.target.value : '');

/** A value as the word that it is, if it is one. */
export const oneOf = <Value extends string>(values: readonly Value[], given: string): Value | undefined => values.find(value => value === given);

const describedBy = ({ id, hint }: Labelled): string | typeof nothing => (hint === undefined ? nothing : `${id}-hint`);
const hintOf = ({ id, hint }: Labelled): TemplateResult | typeof nothing => (hint === undefined ? nothing : html`<span class="hint ell" id="${id}-hint">${hint}</span>`);

/** A labelled choice. */
export const select = (field: SelectField): TemplateResult => html`
  <div class="field">
    <label for=${field.id}>${field.label}</label>
    <select id=${field.id} ?disabled=${field.disabled} aria-describedby=${describedBy(field)} @change=${(event: Event) => { field.choose(valueIn(event)); }}>
      ${field.choices.map(choice => html`<option value=${choice.value} ?selected=${choice.value === field.value} .selected=${live(choice.value === field.value)}>${choice.words}</option>`)}
    </select>
    ${hintOf(field)}
  </div>`;

/** What an input shows: what is typed into it right now stays. */
export const shownIn = (id: string, value: string): string => (document.activeElement instanceof HTMLInputElement && document.activeElement.id === id ? document.activeElement.value : value);

/** A labelled input. */
export const input = (field: InputField): TemplateResult => (field.number ? numberInput(field, field.number) : html`
  <div class="field">
    <label for=${field.id}>${field.label}</label>
    <input id=${field.id} type="text" spellcheck="false" autocomplete="off" ?disabled=${field.disabled} ?required=${field.required === true} placeholder=${field.placeholder ?? ''}
      pattern=${field.pattern?.source ?? nothing} title=${field.pattern?.words ?? nothing}
      aria-describedby=${describedBy(field)} .value=${live(shownIn(field.id, field.value))} @change=${(event: Event) => { take(event, field); }}>
    ${hintOf(field)}
  </div>`);

const numberInput = (field: InputField, { least, most, step }: Required<InputField>['number']): TemplateResult => html`
  <div class="field">
    <label for=${field.id}>${field.label}</label>
    <input id=${field.id} type="number" ?disabled=${field.disabled} ?required=${field.required === true} placeholder=${field.placeholder ?? ''} min=${least} max=${most ?? nothing} step=${step ?? nothing}
      aria-describedby=${describedBy(field)} .value=${live(shownIn(field.id, field.value))} @change=${(event: Event) => { take(event, field); }}>
    ${hintOf(field)}
  </div>`;

/** What cannot be is said by the browser itself, at the field. */
function take(event: Event, { change }: InputField): void {
  if (event.target instanceof HTMLInputElement && event.target.reportValidity()) change(event.target.value.trim());
}
