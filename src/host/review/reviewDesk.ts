// A review as the document keeps it: paths are fetched ahead, decisions are stored one after the other. Knows nothing of the editor.
import type { PendingAction, ReviewSnapshot } from '../../contract/pages/review.ts';
import type { ReviewDraft, ReviewItem, ReviewQuery, ReviewStand } from '../../contract/review.ts';
import { problemError, problemOf, type Problem, type ProblemCode } from '../../core/model/problem.ts';
import { applied, extend, heardOf, judgementOf, newSession, passedOver, show, type ReviewSession } from '../../core/review/session.ts';
import type { ReviewDraftText } from './reviewBackup.ts';
import { draftOf, isDecision, judgementIn, judgementPart, toldSession } from './reviewFacts.ts';
import { ReviewShelf, sizeOf } from './reviewShelf.ts';

/** What of the engine is needed. */
export interface ReviewEngine {
  queue(query: ReviewQuery, how: { readonly reviewer: string; readonly skip: readonly string[]; readonly count: number }): Promise<{ readonly items: readonly ReviewItem[]; readonly stand: ReviewStand }>;
  item(place: { readonly task: string; readonly path: string }): Promise<ReviewItem>;
  append(reviews: readonly ReviewDraft[]): Promise<unknown>;
}

/** What a desk is set up with. */
export interface DeskSetup {
  readonly query: ReviewQuery;
  readonly reviewer: string;
  readonly engine: ReviewEngine;
  /** What was typed of an amendment when the document was left. */
  readonly draft?: ReviewDraftText | undefined;
  /** What the page would show is another thing now. */
  readonly onChange: () => void;
  /** Hands paths to the page. @returns whether it heard */
  readonly tell: (items: readonly ReviewItem[]) => boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

type ShownSession = Extract<ReviewSnapshot['shown'], { kind: 'session' }>;

/** Undecided paths that are known beyond the one that is shown, at least; a person decides about one in a few seconds. */
const leastAhead = 16;
/** Paths that are asked for at a time. */
const askedAtOnce = 20;
/** Paths that a page is handed unasked, around the one that is shown. */
const [toldBehind, toldAhead] = [4, 24];
/** Paths that a page is handed before it has shown one. */
const toldFirst = 2;
/** Characters of one message to a page: more would hold up the keys of whoever reads. */
const mostTold = 2_000_000;
/** Paths that are named to the engine as known: those that are not decided about, and then the latest. */
const mostSkipped = 2_000;
/** Actions that are stored together. */
const mostTogether = 100;
/** Ids of stored actions that a page is told of. */
const savedTold = 200;
/** Over how long the rate is taken. */
const rateMs = 300_000;

/** Problems that say that something is not there, and will not be. */
const gone: ReadonlySet<ProblemCode> = new Set(['usage', 'task-not-found', 'task-held-out']);

/** The queue of one document with the session of one person. */
export class ReviewDesk {
  readonly #setup: DeskSetup;
  readonly #shelf = new ReviewShelf();
  readonly #told = new Set<string>();
  /** Ids of what is stored, the one that was said last at the end. */
  readonly #saved = new Set<string>();
  #waiting: readonly PendingAction[] = [];
  /** Why actions were put aside that will never be stored, by id, until whoever did them is told. */
  readonly #refused = new Map<string, Problem>();
  /** Most actions that are stored together now: one, while one among them is looked for that is refused. */
  #together = mostTogether;
  #decidedAt: readonly number[] = [];
  #session: ReviewSession = newSession;
  /** Where the page says it is, while something waits: the place of the session follows from what is stored. */
  #looked: number | undefined;
  #stand: ReviewStand = { total: 0, decided: 0, measured: { done: 0, total: 0 } };
  #more = true;
  #draft: ReviewDraftText | undefined;
  #draftEnds: (() => void)[] = [];
  #begun: Promise<void> | undefined;
  #storing: Promise<void> | undefined;
  #fetching: Promise<void> | undefined;
  /** How often it was asked to refresh. */
  #wished = 0;

  constructor(setup: DeskSetup) {
    this.#setup = setup;
    this.#draft = setup.draft;
  }

  /** What is typed of an amendment and not stored. */
  get draft(): ReviewDraftText | undefined {
    return this.#draft;
  }

  /** The path that is shown; absent at the end, and while it is not known. */
  get shown(): ReviewItem | undefined {
    const path = this.#session.order[this.#at];
    return path === undefined ? undefined : this.#shelf.get(path);
  }

  get #at(): number {
    return this.#looked ?? this.#session.at;
  }

  /** A path that was fetched. */
  find(path: string): ReviewItem | undefined {
    return this.#shelf.get(path);
  }

  /** Fetches the first paths, once; where that failed, again. */
  begin(): Promise<void> {
    if (!this.#begun) {
      const begun = this.#begin();
      this.#begun = begun;
      begun.catch(() => { if (this.#begun === begun) this.#begun = undefined; });
    }
    return this.#begun;
  }

  async #begin(): Promise<void> {
    const draft = this.#draft;
    await this.#fetch();
    const open = this.#session.order.findIndex(path => !this.#isDecided(path));
    this.#session = { ...this.#session, at: Math.max(0, open) };
    if (draft && await this.#isStored(draft)) this.#draft = undefined; // the window was loaded again before the editor had let go of it
    else if (draft) await this.show(draft).catch(() => undefined); // a path that is gone cannot be shown; what was typed of it is kept all the same
  }

  async #isStored({ path, task, text }: ReviewDraftText): Promise<boolean> {
    try {
      const held = judgementIn(this.#shelf.get(path) ?? await this.#setup.engine.item({ task, path }), this.#setup.reviewer);
      return held?.decision === 'amend' && held.amendedText === text;
    } catch {
      return false;
    }
  }

  /** Begins anew with what the queue has now, after paths were decided about in another way. What was done cannot be undone by the session any more. */
  async restart(): Promise<void> {
    await this.store();
    this.#session = newSession;
    this.#looked = undefined;
    this.#more = true;
    this.#shelf.clear();
    this.#told.clear();
    this.#begun = undefined;
    await this.begin();
    this.#tellAround();
    this.#setup.onChange();
  }

  /** The session as far as it is stored, with the paths that a page needs to show anything. */
  snapshot(): ShownSession {
    const draft = this.#draft;
    return {
      kind: 'session', reviewer: this.#setup.reviewer, session: toldSession(this.#session), items: this.#tellFirst(), saved: [...this.#saved].slice(-savedTold), stand: this.#standShown(), more: this.#more,
      perMinute: this.#perMinute(), draft: draft ? { path: draft.path, text: draft.text } : null,
    };
  }

  /** The page has been loaded again, and knows no path: they come with its snapshot. */
  reloaded(): void {
    this.#told.clear();
  }

  /**
   * Does what a person did, once: an id that is known is only said to be stored once more. Resolves when it is on the disk; what cannot be stored now stays in its place
   * and is tried again with the next. What is refused for good is put aside, and throws why, once; the others go on without it.
   */
  async act(pending: PendingAction): Promise<void> {
    if (this.#saved.delete(pending.id)) {
      this.#saved.add(pending.id);
      this.#setup.onChange();
      return;
    }
    if (!this.#waiting.some(({ id }) => id === pending.id)) {
      this.#waiting = [...this.#waiting, pending];
      this.#looked = undefined;
      if (isDecision(pending)) this.#decidedAt = [...this.#decidedAt, this.#setup.now()];
    }
    await this.store();
    const refused = this.#refused.get(pending.id);
    this.#refused.delete(pending.id);
    if (refused) throw problemError(refused.code, `This was not stored, and never will be: ${refused.message} It is put aside, and written to the log; the others go on without it.`, { cause: new Error(JSON.stringify(pending)) });
  }

  /** Stores what waits, in the order in which it was done. Throws what kept it from that. */
  async store(): Promise<void> {
    await this.begin();
    while (this.#waiting.length > 0) {
      this.#storing ??= this.#storeSome().finally(() => { this.#storing = undefined; });
      await this.#storing;
    }
  }

  async #storeSome(): Promise<void> {
    const some = this.#waiting.slice(0, this.#together);
    const known: PendingAction[] = [];
    for (const pending of some) if (await this.#acquaint(pending)) known.push(pending);
    const drafts = this.#draftsOf(known);
    if (drafts.length > 0 && !await this.#append(drafts, known)) return;
    // meanwhile the order may have grown, which changes nothing about what was stored
    const before = this.#decided();
    for (const pending of known) {
      this.#session = applied(this.#session, pending).session;
      this.#saved.add(pending.id);
      if (pending.action.kind === 'amend' && pending.path === this.#draft?.path) this.#endDraft();
    }
    const done = new Set(known.map(({ id }) => id));
    this.#waiting = this.#waiting.filter(({ id }) => !done.has(id));
    // until the engine is asked how far the queue is, it is as far as that
    this.#stand = { ...this.#stand, decided: Math.max(0, this.#stand.decided + this.#decided() - before) };
    this.#stored();
  }

  #stored(): void {
    if (this.#waiting.length === 0) this.#settle();
    this.#tellAround();
    this.#setup.onChange();
    if (this.#isLacking()) void this.refresh().catch(() => undefined); // the next look asks again
  }

  /** @returns whether they are stored; where one of them is refused for good, it is looked for, and put aside once it is alone */
  async #append(drafts: readonly ReviewDraft[], of: readonly PendingAction[]): Promise<boolean> {
    try {
      await this.#setup.engine.append(drafts);
      return true;
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (!gone.has(problem.code)) throw thrown;
      const [alone] = of;
      if (of.length > 1 || !alone) this.#together = 1;
      else this.#putAside(alone, problem);
      return false;
    }
  }

  /** What waits behind it is not to wait for it. */
  #putAside(pending: PendingAction, problem: Problem): void {
    this.#refused.set(pending.id, problem);
    this.#saved.add(pending.id); // the page is to keep it no longer
    this.#waiting = this.#waiting.filter(({ id }) => id !== pending.id);
    this.#together = mostTogether;
    this.#session = passedOver(this.#session, pending);
    this.#stored();
  }

  /** Finds out what must be known of a path that is decided about: a page may have kept what was done in a window that is gone. @returns whether it is known */
  async #acquaint(pending: PendingAction): Promise<boolean> {
    const { path, action } = pending;
    const task = pending.task ?? this.#shelf.taskOf(path);
    if (this.#session.order.includes(path) || ((action.kind === 'undo' || action.kind === 'redo') && !action.to)) return true;
    try {
      if (task === undefined) throw problemError('usage', 'The path is not in this review any more.');
      if (!this.#shelf.get(path)) this.#shelf.put(await this.#setup.engine.item({ task, path }));
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (!gone.has(problem.code)) throw thrown;
      this.#putAside(pending, problem);
      return false;
    }
    const item = this.#shelf.get(path);
    this.#session = extend(this.#session, [{ path, ...judgementPart(item, this.#setup.reviewer) }]);
    return true;
  }

  #draftsOf(some: readonly PendingAction[]): readonly ReviewDraft[] {
    let session = this.#session;
    return some.flatMap(pending => {
      const { session: after, fact } = applied(session, pending);
      session = after;
      const task = fact && this.#shelf.taskOf(fact.path);
      return !fact || task === undefined ? [] : [draftOf(fact, { task, reviewer: this.#setup.reviewer, seconds: pending.seconds, sampled: this.#shelf.isSampled(fact.path) })];
    });
  }

  #settle(): void {
    if (this.#looked !== undefined) this.#session = { ...this.#session, at: Math.min(this.#looked, this.#session.order.length) };
    this.#looked = undefined;
  }

  /** The page shows another place of the order, and lacks some paths. */
  async look({ at, missing }: { readonly at: number; readonly missing: readonly string[] }): Promise<void> {
    await this.begin();
    this.#looked = Math.min(at, this.#session.order.length);
    if (this.#waiting.length === 0) this.#settle();
    for (const path of missing) this.#told.delete(path);
    this.#tellAround();
    for (const path of missing) await this.#bring(path);
    if (this.#isLacking()) await this.refresh();
  }

  /** Shows a path that is not next. */
  async show({ path, task }: { readonly path: string; readonly task: string }): Promise<void> {
    if (!this.#shelf.get(path)) this.#shelf.put(await this.#setup.engine.item({ task, path }));
    const item = this.#shelf.get(path);
    this.#session = show(this.#session, path, item && judgementIn(item, this.#setup.reviewer));
    this.#looked = undefined;
    this.#tell([path]);
    this.#setup.onChange();
  }

  /** What a person types of an amendment; absent where they do not any more. */
  async type(draft: { readonly path: string; readonly text: string } | undefined): Promise<void> {
    await this.begin();
    if (!draft) {
      // an amendment that waits to be stored is typed until it is
      if (!this.#waiting.some(({ action, path }) => action.kind === 'amend' && path === this.#draft?.path)) this.#endDraft();
      return;
    }
    const { path, text } = draft;
    const former = this.#draft?.path === path ? this.#draft.task : '';
    this.#draft = { path, text, task: this.#shelf.taskOf(path) ?? former };
  }

  /** Stores the amendment that is being typed as it stands. */
  async storeDraft(id: string): Promise<void> {
    const draft = this.#draft;
    if (!draft) return;
    if (draft.text.trim() === '') throw problemError('usage', 'An amended path needs words. Write some, or leave the amendment.');
    await this.act({ id, path: draft.path, task: draft.task, action: { kind: 'amend', text: draft.text }, seconds: 0 });
  }

  /** Throws the amendment that is being typed away. */
  dropDraft(): void {
    this.#endDraft();
    this.#setup.onChange();
  }

  /** Resolves when no amendment is being typed. */
  draftEnds(): Promise<void> {
    return this.#draft ? new Promise(resolve => { this.#draftEnds.push(resolve); }) : Promise.resolve();
  }

  #endDraft(): void {
    this.#draft = undefined;
    for (const end of this.#draftEnds.splice(0)) end();
  }

  /** Tasks have changed: what is shown of them is fetched anew, and there may be more paths. */
  async changed(concerns: (task: string) => boolean): Promise<void> {
    if (!this.#begun) return; // whoever shows it first fetches it
    await this.begin();
    this.#shelf.age(concerns);
    this.#more = true;
    await this.refresh();
  }

  /** Fetches whatever is lacking or out of date around the place that is shown, and how far the queue is. Asked for meanwhile, it does so once more. */
  refresh(): Promise<void> {
    this.#wished += 1;
    this.#fetching ??= this.#refreshAll().finally(() => { this.#fetching = undefined; });
    return this.#fetching;
  }

  async #refreshAll(): Promise<void> {
    for (let done = 0; done !== this.#wished;) {
      done = this.#wished;
      await this.#refresh();
    }
  }

  async #refresh(): Promise<void> {
    await this.#fetch();
    for (const path of this.#around()) if (this.#shelf.isStale(path)) await this.#renew(path);
    this.#tellAround();
    this.#setup.onChange();
  }

  async #fetch(): Promise<void> {
    const { query, reviewer, engine } = this.#setup;
    const count = this.#more && this.#undecidedAhead() < leastAhead ? askedAtOnce : 0;
    const { items, stand } = await engine.queue(query, { reviewer, skip: this.#skipped(), count });
    this.#stand = stand;
    if (count === 0) return;
    const before = this.#session.order.length;
    for (const item of items) this.#shelf.put(item);
    this.#session = extend(this.#session, items.map(item => ({ path: item.path, ...judgementPart(item, reviewer) })));
    this.#more = items.length === count && this.#session.order.length > before;
  }

  /** A reject may take a path out of the very list that is reviewed: it was one of those to be decided about all the same. */
  #standShown(): ReviewStand {
    const { total, decided, ...rest } = this.#stand;
    const done = Math.max(decided, this.#decided());
    return { ...rest, total: total - decided + done, decided: done };
  }

  #decided(): number {
    return Object.values(this.#session.judgements).filter(({ decision }) => decision !== 'none').length;
  }

  #isDecided(path: string): boolean {
    return judgementOf(this.#session, path).decision !== 'none';
  }

  #isLacking(): boolean {
    return (this.#more && this.#undecidedAhead() < leastAhead) || this.#around().some(path => this.#shelf.isStale(path));
  }

  #undecidedAhead(): number {
    return this.#session.order.slice(this.#at).filter(path => !this.#isDecided(path)).length;
  }

  #skipped(): readonly string[] {
    const { order } = this.#session;
    if (order.length <= mostSkipped) return order;
    const open = order.filter(path => !this.#isDecided(path));
    return [...order.filter(path => this.#isDecided(path)).slice(-Math.max(1, mostSkipped - open.length)), ...open].slice(-mostSkipped);
  }

  #around(): readonly string[] {
    return this.#session.order.slice(Math.max(0, this.#at - toldBehind), this.#at + toldAhead);
  }

  async #renew(path: string): Promise<void> {
    const task = this.#shelf.taskOf(path);
    this.#shelf.renewed(path);
    if (task === undefined) return;
    try {
      const item = await this.#setup.engine.item({ task, path });
      this.#shelf.put(item);
      // in another window of theirs; what waits here comes after it
      if (!this.#waiting.some(pending => pending.path === path)) this.#session = heardOf(this.#session, path, judgementIn(item, this.#setup.reviewer));
    } catch (thrown) {
      const seen = this.#shelf.get(path);
      if (!seen || !gone.has(problemOf(thrown).code)) throw thrown;
      // a decision about another path made enough without this one: it stays as it was last seen, and says so
      this.#shelf.put({ ...seen, kept: false, doubts: [], unneeded: true });
    }
    this.#told.delete(path);
  }

  /** Hands over a path that the page lacks; one that nobody knows is none. */
  async #bring(path: string): Promise<void> {
    const task = this.#shelf.taskOf(path);
    if (this.#told.has(path) || task === undefined) return;
    if (!this.#shelf.get(path)) this.#shelf.put(await this.#setup.engine.item({ task, path }));
    this.#tell([path]);
  }

  #tellAround(): void {
    this.#tell(this.#around());
  }

  /** What a page needs to show anything, as far as it was not told; it asks for the others when it does. */
  #tellFirst(): ReviewItem[] {
    const items = this.#untold(this.#session.order.slice(this.#at, this.#at + toldFirst)).filter((item, at) => at === 0 || sizeOf(item) <= mostTold);
    for (const { path } of items) this.#told.add(path);
    return items;
  }

  #untold(paths: readonly string[]): readonly ReviewItem[] {
    return paths.flatMap(path => (this.#told.has(path) ? [] : this.#shelf.get(path) ?? []));
  }

  /** Hands paths to the page, each once. */
  #tell(paths: readonly string[]): void {
    let message: ReviewItem[] = [];
    let characters = 0;
    const send = (): boolean => {
      if (message.length > 0 && !this.#setup.tell(message)) return false;
      for (const { path } of message) this.#told.add(path);
      [message, characters] = [[], 0];
      return true;
    };
    for (const item of this.#untold(paths)) {
      const size = sizeOf(item);
      if (characters + size > mostTold && !send()) return;
      message.push(item);
      characters += size;
    }
    send();
  }

  /** Decisions a minute over the last minutes; `null` while there are too few to tell. */
  #perMinute(): number | null {
    const now = this.#setup.now();
    this.#decidedAt = this.#decidedAt.filter(at => at > now - rateMs);
    const [first, ...others] = this.#decidedAt;
    return first === undefined || others.length === 0 ? null : others.length / (Math.max(1_000, now - first) / 60_000);
  }
}
