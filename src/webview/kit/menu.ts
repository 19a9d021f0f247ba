import { html, nothing, type TemplateResult } from 'lit';
import { icon } from './icon.ts';

/** A line of a menu. */
export interface MenuItem {
  readonly title: string;
  readonly icon?: string | undefined;
  readonly choose: () => void;
}

/** A menu below a button with three dots. Keys: up and down, Home and End, Escape; it closes when the focus leaves it. */
export function menu(label: string, items: readonly MenuItem[], state: { readonly open: boolean; readonly set: (open: boolean) => void }): TemplateResult {
  const close = (place: HTMLElement | null) => {
    state.set(false);
    place?.querySelector('button')?.focus();
  };
  return html`<div class="menu" @focusout=${(event: FocusEvent) => { if (state.open && !isWithin(event)) state.set(false); }}>
    <button class="act" aria-haspopup="menu" aria-expanded=${String(state.open)} aria-label=${label} title=${label} @click=${(event: Event) => {
      state.set(!state.open);
      focusItem(placeOf(event), 0);
    }}>${icon('ellipsis')}</button>
    ${state.open ? html`<ul role="menu" aria-label=${label} @keydown=${(event: KeyboardEvent) => { if (event.key === 'Escape') close(placeOf(event)); else moveIn(event); }}>
      ${items.map(item => html`<li role="none"><button role="menuitem" tabindex="-1" @click=${(event: Event) => {
        close(placeOf(event));
        item.choose();
      }}>${icon(item.icon ?? 'blank')}<span>${item.title}</span></button></li>`)}
    </ul>` : nothing}
  </div>`;
}

const placeOf = (event: Event): HTMLElement | null => (event.currentTarget instanceof Element ? event.currentTarget.closest<HTMLElement>('.menu') : null);

const isWithin = ({ relatedTarget, currentTarget }: FocusEvent): boolean => relatedTarget instanceof Node && currentTarget instanceof Node && currentTarget.contains(relatedTarget);

/** The items are drawn in the next frame. */
function focusItem(place: HTMLElement | null, at: number): void {
  requestAnimationFrame(() => { requestAnimationFrame(() => { itemsOf(place).at(at)?.focus(); }); });
}

const itemsOf = (place: HTMLElement | null): readonly HTMLElement[] => [...place?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? []];

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

function moveIn(event: KeyboardEvent): void {
  const items = itemsOf(placeOf(event));
  const step = steps[event.key];
  if (!step || !(document.activeElement instanceof HTMLElement)) return;
  items[step(items.indexOf(document.activeElement), items.length)]?.focus();
  event.preventDefault();
}
