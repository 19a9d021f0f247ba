import type { PendingAction, ReviewAction, ReviewCommand } from '../../contract/pages/review.ts';
import type { ReviewItem } from '../../contract/review.ts';
import type { BadStep } from '../../core/model/review.ts';
import { shownPath, type ReviewSession } from '../../core/review/session.ts';
import { placeOf, press, resume, unsaved, type Desk, type Surroundings } from './desk.ts';
import { escaped, isTyping, reading, type Mode, type Wish } from './mode.ts';
import { Shelf, standing, type News, type OpenItem, type OpenReview, type Page, type Queue, type View } from './state.ts';
import { cardAfter, firstCard, partnersOf, type Card } from './steps.ts';
import { layout } from './texts.ts';
import { actionWords, arrivalWords } from './words.ts';

/** Paths that are asked for before the one that is shown, and after it. */
const [behind, ahead] = [2, 16];
/** After so long a path that has not come is asked for again. */
const patienceMs = 4_000;
/** A path is not looked at for longer, whatever the clock says. */
const longestLook = 600;

/** Unique in the world; the page may stand where `randomUUID` is not to be had. */
const newId = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');

/** Something to do once the page is drawn. */
type Afterwards = (shown: OpenItem | undefined) => void;

/** What the page knows and does beside drawing: one for the life of the page. */
export class Work {
  readonly #shelf = new Shelf();
  /** The snapshot whose paths are on the shelf. */
  #taken: Queue | undefined;
  readonly #sent = new Set<string>();
  readonly #asked = new Map<string, number>();
  readonly #afterwards: Afterwards[] = [];
  #page: Page | undefined;
  #view: View | undefined;
  #waiting: readonly ReviewCommand[] = [];
  #lookedSince = performance.now();
  #lookedAt: string | undefined;
  #told = '';
  /** What a screen reader is to be told together with the path that comes next, which is not there yet. */
  #unsaid: string | undefined;
  #changes: string | undefined;

  /** The page with a queue on it; nothing while there is none. */
  open(page: Page): OpenReview | undefined {
    this.#page = page;
    this.#view = page.view;
    const { snapshot: { title, shown }, send, take } = page;
    if (shown.kind !== 'session') return undefined;
    this.#takePaths(shown);
    const view = this.#follow(shown, page.view);
    const stands = standing(shown, view);
    const path = shownPath(stands.session);
    return {
      title, queue: shown, view, ...stands, waiting: this.#waiting.length, send, take, known: each => this.#shelf.get(each),
      item: path === undefined ? undefined : this.#shelf.get(path),
      run: command => { this.run(command); }, keep: change => { this.#keep(change); }, go: other => { this.#go(other); }, choose: card => { this.choose(card); },
    };
  }

  /** Does something once the page is drawn. */
  later(task: Afterwards): void {
    this.#afterwards.push(task);
  }

  hear(news: News, page: Page | undefined): void {
    if (page) this.open(page);
    switch (news.kind) {
      case 'items':
        this.#put(news.items);
        this.#resume();
        break;
      case 'command': this.run(news.command); break;
      case 'reverted':
        if (this.#view?.mode.kind === 'amend') this.discard();
        break;
      case 'restarted': this.#keep({ place: null }); // which may be none of the queue any more
    }
  }

  /** Once: what comes by itself later is newer. */
  #takePaths(queue: Queue): void {
    if (queue === this.#taken) return;
    this.#taken = queue;
    this.#put(queue.items);
  }

  #put(items: readonly ReviewItem[]): void {
    this.#shelf.add(items);
    for (const { path } of items) this.#asked.delete(path);
  }

  run(command: ReviewCommand): void {
    const at = this.#desk();
    if (at) this.#finish(at.desk, press(at.desk, command, at.around));
  }

  /** Goes to a card. */
  choose(card: Card): void {
    const item = this.#item();
    if (!item) return;
    this.#keep({ focus: { path: item.path, ...card } });
    this.later(shown => { if (shown) reveal(shown, card); });
  }

  /** What stands in a field. */
  type(text: string): void {
    const mode = this.#view?.mode;
    if (!mode || (mode.kind !== 'note' && mode.kind !== 'amend')) return;
    this.#keep({ mode: mode.kind === 'amend' ? { ...mode, text, asking: false } : { ...mode, text } });
    if (mode.kind === 'amend') this.#page?.send({ kind: 'draft', draft: { path: mode.path, text } });
  }

  /** Leaves what the page is in the middle of. @returns whether there was something */
  escape(): boolean {
    const view = this.#view;
    if (!view) return false;
    if (view.mode.kind !== 'read') this.#turn(view.mode, escaped(view.mode));
    else if (view.compare) this.#keep({ compare: null });
    else return false;
    return true;
  }

  /** Leaves a field, and what stands in it. */
  discard(): void {
    if (this.#view) this.#turn(this.#view.mode, reading);
  }

  /** After each drawing: says what is needed, and does what had to wait for it. */
  drawn(open: OpenReview | undefined, shown: OpenItem | undefined): void {
    if (!open) return;
    this.#sendUnsaved(open.queue);
    this.#look(open);
    const path = shown?.item.path;
    if (path !== this.#lookedAt) {
      if (this.#unsaid !== undefined) this.#announce(this.#unsaid, path);
      this.#lookedAt = path;
      this.#lookedSince = performance.now();
      if (shown) start(shown);
      if (shown && isTyping(shown.view.mode)) document.querySelector<HTMLElement>(focusOf(shown.view.mode))?.focus({ preventScroll: true });
    }
    for (const task of this.#afterwards.splice(0)) task(shown);
    this.#resume();
  }

  /** Whether keys go to another part of the window. */
  away(isAway: boolean): void {
    const mode = this.#view?.mode;
    if (mode && !isTyping(mode)) this.#page?.send({ kind: 'typing', typing: isAway });
  }

  /** A draft that the document has kept is taken up again. */
  takeUp(open: OpenReview): void {
    const { queue: { draft, session }, view } = open;
    // the editor keeps what a page remembers now and then: it may be a place that the document has left long ago
    if (view.place && !session.order.includes(view.place.path)) this.#keep({ place: null });
    const { mode } = view;
    // so may be what was typed: a path that is neither the document's draft nor among those to be decided about was decided about since
    const isOver = mode.kind === 'amend' && draft?.path !== mode.path && !session.order.includes(mode.path);
    if (isTyping(mode) && !isOver) {
      this.#keep({});
      this.#begin(view.mode);
    } else if (draft) {
      const before = this.#shelf.get(draft.path)?.text ?? '';
      this.#turn(view.mode, { kind: 'amend', path: draft.path, text: draft.text, before, asking: false });
      this.#keep({ place: { path: draft.path, after: false } });
    } else if (view.mode.kind !== 'read') this.#turn(view.mode, reading);
  }

  #item(): ReviewItem | undefined {
    const at = this.#desk();
    const path = at && shownPath(at.desk.session);
    return path === undefined ? undefined : this.#shelf.get(path);
  }

  #desk(): { readonly desk: Desk; readonly around: Surroundings } | undefined {
    const queue = this.#page?.snapshot.shown;
    if (queue?.kind !== 'session' || !this.#view) return undefined;
    const { session } = standing(queue, this.#view);
    const textOf = (path: string) => {
      const item = this.#shelf.get(path);
      return item && { text: item.text.length < item.length ? undefined : item.text };
    };
    return {
      desk: { session, mode: this.#view.mode, waiting: this.#waiting, done: [], wishes: [] },
      around: { more: queue.more, textOf, focused: path => this.#markable(path), take: (path, action) => this.#take(path, action) },
    };
  }

  #resume(): void {
    if (this.#waiting.length === 0) return;
    const at = this.#desk();
    if (!at) return;
    const after = resume(at.desk, at.around);
    if (after !== at.desk) this.#finish(at.desk, after);
  }

  #finish(before: Desk, after: Desk): void {
    const page = this.#page;
    if (!page || page.snapshot.shown.kind !== 'session' || !this.#view) return;
    this.#waiting = after.waiting;
    const pending = [...unsaved(this.#view.pending, page.snapshot.shown.saved), ...after.done];
    const moved = after.done.length > 0 || shownPath(before.session) !== shownPath(after.session);
    this.#keep({ pending, place: placeOf(after.session), ...(moved ? { compare: null } : {}) });
    for (const action of after.done) this.#send(action);
    if (before.mode !== after.mode) this.#turn(before.mode, after.mode);
    const last = after.done.at(-1);
    const said = last ? actionWords(last.action, { decided: standing(page.snapshot.shown, this.#view).decided, total: page.snapshot.shown.stand.total }) : '';
    this.#announce(said, shownPath(before.session) === shownPath(after.session) ? undefined : shownPath(after.session));
    for (const wish of after.wishes) this.#fulfil(wish, after.session);
  }

  /** Says what was done, and what is shown now where that is another path; of one that has not come yet, as soon as it has. */
  #announce(said: string, path: string | undefined): void {
    const item = path === undefined ? undefined : this.#shelf.get(path);
    this.#unsaid = path !== undefined && !item ? said : undefined;
    const words = [...(said === '' ? [] : [said]), ...(item ? [arrivalWords(item)] : [])].join(' ');
    if (words !== '' && this.#unsaid === undefined) this.#page?.announce(words);
  }

  /** From one mode to another: the editor is to know when keys are letters, and the focus follows. */
  #turn(from: Mode, to: Mode): void {
    this.#keep({ mode: to });
    if (from.kind === 'amend' && to.kind !== 'amend') this.#page?.send({ kind: 'draft', draft: null });
    if (isTyping(from) && !isTyping(to)) this.#page?.send({ kind: 'typing', typing: false });
    this.#begin(to);
  }

  #begin(mode: Mode): void {
    if (isTyping(mode)) this.#page?.send({ kind: 'typing', typing: true });
    this.later(() => { document.querySelector<HTMLElement>(focusOf(mode))?.focus({ preventScroll: !isTyping(mode) }); });
  }

  #fulfil(wish: Wish, session: ReviewSession): void {
    const item = this.#item();
    if (!item || !this.#view) return;
    switch (wish.kind) {
      case 'focus': this.#focus(cardAfter(layout(item), focusIn(this.#view, item), wish.to)); return;
      case 'compare': this.#keep({ compare: this.#view.compare?.path === item.path ? null : { path: item.path, other: null } }); return;
      case 'diff': this.#page?.send({ kind: 'diff', path: shownPath(session) ?? item.path }); return;
      case 'too-long': this.#page?.announce('This path is too long to be amended here.'); return;
      default: return;
    }
  }

  #focus(card: Card | undefined): void {
    if (!card) return;
    this.choose(card);
    this.later(() => { numberOf(card)?.focus({ preventScroll: true }); });
  }

  #go(path: string): void {
    const item = this.#item();
    if (!item || !this.#view || this.#view.mode.kind !== 'read' || path === item.path) return;
    if (this.#view.compare?.path === item.path) this.#keep({ compare: { path: item.path, other: path } });
    else {
      this.#page?.send({ kind: 'show', path, task: item.task.id });
      this.#keep({ place: { path, after: false } });
      this.#announce('', path);
    }
  }

  #take(path: string, action: ReviewAction): PendingAction {
    const now = performance.now();
    const seconds = Math.min(longestLook, Math.round((now - this.#lookedSince) / 100) / 10);
    this.#lookedSince = now;
    const task = this.#shelf.get(path)?.task.id;
    return { id: newId(), path, ...(task === undefined ? {} : { task }), action, seconds };
  }

  /** The step that a mark would be about: the one with the focus, or the one that carries it out. */
  #markable(path: string): BadStep | undefined {
    const item = this.#shelf.get(path);
    if (!item || !this.#view) return undefined;
    const laid = layout(item);
    const focus = focusIn(this.#view, item);
    const card = focus?.side === 'path' ? focus : partnersOf(laid, focus)[0];
    const row = card && laid.rows[card.at];
    return row?.kind === 'step' ? { step: row.step, start: row.start, end: row.end } : undefined;
  }

  #keep(change: Partial<View>): void {
    if (!this.#page || !this.#view) return;
    this.#view = { ...this.#view, ...change };
    this.#page.keep(change);
  }

  #send(pending: PendingAction): void {
    this.#sent.add(pending.id);
    this.#page?.send({ kind: 'act', pending });
  }

  /** What the document does not have, and may never have heard of, is sent; what it has is forgotten. */
  #sendUnsaved({ saved }: Queue): void {
    const all = this.#view?.pending ?? [];
    const open = unsaved(all, saved);
    for (const pending of open) if (!this.#sent.has(pending.id)) this.#send(pending);
    if (open.length < all.length) this.#keep({ pending: [...open] });
  }

  /** Undo in the editor's own menu is heard of by the snapshot alone: the page goes where it was. */
  #follow({ session }: Queue, view: View): View {
    const changes = `${session.done.length} ${session.undone.length} ${session.done.at(-1)?.path ?? ''}`;
    const isNews = this.#changes !== undefined && this.#changes !== changes;
    this.#changes = changes;
    if (!isNews || view.pending.length > 0 || view.mode.kind !== 'read') return view;
    this.#keep({ place: null });
    return { ...view, place: null };
  }

  #look({ session: { order, at }, send, view }: OpenReview): void {
    const now = performance.now();
    const wanted = [...order.slice(Math.max(0, at - behind), at + ahead), ...(typeof view.compare?.other === 'string' ? [view.compare.other] : [])];
    const missing = wanted.filter(path => !this.#shelf.get(path) && now - (this.#asked.get(path) ?? -patienceMs) >= patienceMs);
    const told = `${at} of ${order.length}`;
    if (missing.length === 0 && told === this.#told) return;
    this.#told = told;
    for (const path of missing) this.#asked.set(path, now);
    if (missing.includes(order[at] ?? '')) setTimeout(() => { this.#keep({}); }, patienceMs); // it is asked for again where it has not come by then
    send({ kind: 'look', at, missing });
  }
}

/** The card that has the focus on a path. */
export const focusIn = ({ focus }: View, item: ReviewItem): Card | undefined =>
  (focus?.path === item.path ? { side: focus.side, at: focus.at } : firstCard(layout(item)));

const numberOf = ({ side, at }: Card): HTMLElement | null => document.querySelector(`[data-card="${side}-${at}"] .no`);

/** Where the keyboard is at home in a mode. */
function focusOf(mode: Mode): string {
  switch (mode.kind) {
    case 'read': return '.review';
    case 'reasons': return '.foot';
    case 'note': return '#note';
    case 'amend': return mode.asking ? '#discard' : '#amend';
    case 'keys': return '#close-keys';
  }
}

/** Brings a card and what belongs to it into view; the card last, where both are in one column. */
function reveal({ layout: laid }: OpenItem, card: Card): void {
  for (const { side, at } of [...partnersOf(laid, card).slice(0, 1), card]) document.querySelector(`[data-card="${side}-${at}"]`)?.scrollIntoView({ block: 'nearest' });
}

/** A path that is new on screen: from its top, with what has the focus in view. */
function start(shown: OpenItem): void {
  for (const column of document.querySelectorAll('.cols, .cols > *')) column.scrollTop = 0;
  if (!shown.focus) return;
  reveal(shown, shown.focus);
  if (document.activeElement?.classList.contains('no') === true) numberOf(shown.focus)?.focus({ preventScroll: true });
}
