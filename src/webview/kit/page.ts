import { html, nothing, render, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { toPageSchema, type FromPage, type PageContract, type PageProblem } from '../../contract/pages/page.ts';
import { icon } from './icon.ts';

/** What a page is drawn from. */
export interface Drawn<Snapshot, Intent, View> {
  readonly snapshot: Snapshot;
  /** How a person left it: what is folded, sorted, chosen. */
  readonly view: View;
  /** Asks the host for something; where that fails, the page says so at its head. */
  readonly send: (intent: Intent) => void;
  /** Takes one of the ways out that came with a problem. */
  readonly take: (command: string) => void;
  /** Changes the view and draws again. It survives a reload of the window. */
  readonly keep: (change: Partial<View>) => void;
  /** Has a screen reader say something that is seen anyway. */
  readonly announce: (words: string) => void;
}

/** A page: what it is told, what it remembers, how it looks. */
export interface PageDefinition<Snapshot, Intent, View extends object, News = never> {
  readonly contract: PageContract<Snapshot, Intent, News>;
  readonly view: z.ZodMiniType<View>;
  readonly firstView: View;
  readonly draw: (drawn: Drawn<Snapshot, Intent, View>) => TemplateResult;
  /** Called after each drawing. */
  readonly drawn?: (drawn: Drawn<Snapshot, Intent, View>) => void;
  /** Told beside snapshots; `drawn` is absent before the first of those. The page is drawn afterwards. */
  readonly hear?: (news: News, drawn: Drawn<Snapshot, Intent, View> | undefined) => void;
  /** Keys pressed anywhere on the page, but for those that a control of its own takes. @returns whether it was one of the page's */
  readonly key?: (key: string, drawn: Drawn<Snapshot, Intent, View>) => boolean;
}

/** What the editor keeps for a page. */
const keptSchema = z.object({ address: z.optional(z.unknown()), scroll: z.number(), view: z.unknown() });

const wantsKeys = 'input, textarea, select, [contenteditable], [role=textbox], [role=menu]';

/** Starts a page in the frame that the host has built; called once, by the page's entry. */
export function startPage<Snapshot, Intent, View extends object, News = never>(definition: PageDefinition<Snapshot, Intent, View, News>): void {
  new RunningPage(definition).start();
}

class RunningPage<Snapshot, Intent, View extends object, News> {
  readonly #definition: PageDefinition<Snapshot, Intent, View, News>;
  readonly #editor = acquireVsCodeApi();
  readonly #root: HTMLElement;
  readonly #address: unknown;
  #snapshot: Snapshot | undefined;
  #view: View;
  #scroll: number;
  #failed: { readonly what: 'intent' | 'snapshot'; readonly problem: PageProblem } | undefined;
  #asked = false;
  #said = '';

  constructor(definition: PageDefinition<Snapshot, Intent, View, News>) {
    const root = document.getElementById('page');
    if (!root) throw new Error('the frame has no place for the page');
    this.#definition = definition;
    this.#root = root;
    const kept = z.safeParse(keptSchema, this.#editor.getState());
    const view = z.safeParse(definition.view, kept.data?.view);
    this.#view = view.success ? view.data : definition.firstView;
    this.#scroll = kept.data?.scroll ?? 0;
    const given: unknown = root.dataset['address'] === undefined ? undefined : JSON.parse(root.dataset['address']);
    this.#address = given ?? kept.data?.address;
  }

  start(): void {
    window.addEventListener('message', ({ data }: MessageEvent<unknown>) => { this.#hear(data); });
    window.addEventListener('scroll', () => {
      this.#scroll = window.scrollY;
      this.#keep();
    }, { passive: true });
    document.addEventListener('keydown', event => { this.#press(event); });
    this.#keep();
    // what was sent while the page was loaded comes with this event
    window.addEventListener('load', () => { setTimeout(() => { this.#say({ kind: 'ready', shows: this.#snapshot !== undefined }); }); }, { once: true });
  }

  #say(message: FromPage): void {
    this.#editor.postMessage(message);
  }

  #hear(data: unknown): void {
    const told = z.safeParse(toPageSchema, data);
    if (!told.success) return; // the editor's own messages come this way too
    switch (told.data.kind) {
      case 'failed':
        this.#failed = told.data;
        this.#draw();
        break;
      case 'snapshot': this.#show(told.data.snapshot); break;
      case 'news': this.#note(told.data.news);
    }
  }

  #show(data: unknown): void {
    const snapshot = z.safeParse(this.#definition.contract.snapshot, data);
    if (!snapshot.success) {
      console.error('a snapshot was refused', z.prettifyError(snapshot.error));
      return;
    }
    const first = this.#snapshot === undefined;
    this.#snapshot = snapshot.data;
    if (this.#failed?.what === 'snapshot') this.#failed = undefined;
    this.#draw();
    if (first && this.#scroll > 0) window.scrollTo(0, this.#scroll);
  }

  #note(data: unknown): void {
    const { contract: { news: schema }, hear } = this.#definition;
    const news = schema && z.safeParse(schema, data);
    if (!news?.success) {
      console.error('news were refused');
      return;
    }
    hear?.(news.data, this.#snapshot === undefined ? undefined : this.#drawnFrom(this.#snapshot));
    this.#draw();
  }

  #keep(): void {
    this.#editor.setState({ ...(this.#address === undefined ? {} : { address: this.#address }), scroll: this.#scroll, view: this.#view });
  }

  #drawnFrom(snapshot: Snapshot): Drawn<Snapshot, Intent, View> {
    return {
      snapshot, view: this.#view,
      send: intent => { this.#say({ kind: 'intent', intent }); },
      take: command => { this.#take(command); },
      keep: change => {
        this.#view = { ...this.#view, ...change };
        this.#keep();
        this.#drawSoon();
      },
      announce: words => {
        this.#said = this.#said === words ? `${words}.` : words; // the same words twice would not be heard
        this.#drawSoon();
      },
    };
  }

  /** Once a frame, however much changes in it. */
  #drawSoon(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  #draw(): void {
    const from = this.#snapshot === undefined ? undefined : this.#drawnFrom(this.#snapshot);
    render(html`${this.#notice()}${from ? this.#definition.draw(from) : nothing}<div class="spoken" role="status">${this.#said}</div>`, this.#root);
    if (from) this.#definition.drawn?.(from);
  }

  #notice(): TemplateResult | typeof nothing {
    if (!this.#failed) return nothing;
    const { words, ways } = this.#failed.problem;
    return html`<div class="notice" role="alert">
      ${icon('error', 'bad')}<span class="grow">${words}</span>
      ${ways.map(({ command, title }) => html`<button class="link" @click=${() => { this.#take(command); }}>${title}</button>`)}
      <button class="act" aria-label="Dismiss" title="Dismiss" @click=${() => { this.#dismiss(); }}>${icon('close')}</button>
    </div>`;
  }

  #take(command: string): void {
    this.#say({ kind: 'way', command });
  }

  #dismiss(): void {
    this.#failed = undefined;
    this.#draw();
  }

  #press(event: KeyboardEvent): void {
    const { key } = this.#definition;
    if (!key || this.#snapshot === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches(wantsKeys)) return;
    if (key(event.key, this.#drawnFrom(this.#snapshot))) event.preventDefault();
  }
}
