import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { reviewPage, type ReviewAddress, type ReviewCommand, type ReviewIntent, type ReviewNews, type ReviewSnapshot } from '../../contract/pages/review.ts';
import type { ReviewItem } from '../../contract/review.ts';
import { problemError } from '../../core/model/problem.ts';
import { setContext } from '../contributions.ts';
import { overviewHead } from '../overview/overviewSnapshot.ts';
import { followProject, shownProject } from '../overview/shownProject.ts';
import type { PageBuilder } from '../pages/page.ts';
import type { PageConnection } from '../pages/pageConnection.ts';
import type { Project, ProjectChange } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { projectNode } from '../tree/node.ts';
import { draftFromText, draftToText } from './reviewBackup.ts';
import { ReviewDesk, type ReviewEngine } from './reviewDesk.ts';

/** What of a page's wishes leads out of its document. */
export type OutwardIntent = Extract<ReviewIntent, { kind: 'diff' | 'open' | 'correct-gold' | 'bulk' | 'top-up' }>;

/** What a review is made with. */
export interface ReviewTools {
  readonly projects: Projects;
  readonly builder: Pick<PageBuilder, 'fill'>;
  readonly reviewer: string;
  /** Fulfils what is more than the document's own. */
  readonly fulfil: (document: ReviewDocument, intent: OutwardIntent) => Promise<unknown>;
  /** The document is in front, or not any more, or keys mean something else in it. */
  readonly follow: () => void;
}

/** Where a document comes from, and where it keeps what is typed. */
export interface ReviewPlace {
  readonly uri: vscode.Uri;
  readonly address: ReviewAddress;
  /** A draft that the editor kept, or that was kept here; the text of the file. */
  readonly draft: string | undefined;
  /** A file for what is typed where the editor saves by itself. */
  readonly draftFile: string;
  /** An amendment is being typed. */
  readonly edited: (document: ReviewDocument) => void;
}

/** How long a page has to end an amendment that is to be saved. */
const saveWithinMs = 3_000;

/** One review: decisions are stored as they are made, so that there is something to save only while an amendment is typed. */
export class ReviewDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly address: ReviewAddress;
  readonly reviewer: string;
  readonly #tools: ReviewTools;
  readonly #place: ReviewPlace;
  readonly #desk: ReviewDesk;
  #panel: vscode.WebviewPanel | undefined;
  #connection: PageConnection<ReviewSnapshot, ReviewIntent, ReviewNews> | undefined;
  #typing = false;
  #dirty = false;
  #saving = false;
  #closed = false;

  constructor(tools: ReviewTools, place: ReviewPlace) {
    const { uri, address, draft } = place;
    this.uri = uri;
    this.address = address;
    this.reviewer = tools.reviewer;
    this.#tools = tools;
    this.#place = place;
    this.#desk = new ReviewDesk({
      query: address.query, reviewer: tools.reviewer, engine: this.#engine(), now: () => Date.now(),
      draft: draft === undefined ? undefined : draftFromText(draft),
      onChange: () => { this.#connection?.changed(); },
      tell: items => this.#connection?.tell({ kind: 'items', items: [...items] }) === true,
    });
    if (this.#isProjectOpen) this.#desk.begin().catch(() => undefined); // while the editor makes the page, which asks again
  }

  /** Whether the editor has let go of it. */
  get isClosed(): boolean {
    return this.#closed;
  }

  get isActive(): boolean {
    return this.#panel?.active === true;
  }

  /** Whether keys are letters of a text. */
  get isTyping(): boolean {
    return this.#typing;
  }

  /** The path in front of the person; absent at the end of the queue. */
  get shown(): ReviewItem | undefined {
    return this.#desk.shown;
  }

  /** A path that was fetched. */
  find(fingerprint: string): ReviewItem | undefined {
    return this.#desk.find(fingerprint);
  }

  /** The open project of the review. Throws where it is not open. */
  get project(): Project {
    const project = this.#tools.projects.find(this.address.project);
    if (!project) throw problemError('engine-unavailable', `${overviewHead(this.address.project).name} is not open.`);
    return project;
  }

  get #isProjectOpen(): boolean {
    return shownProject(this.#tools.projects, this.address.project).kind === 'open';
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, projects, follow } = this.#tools;
    const { project: file, title } = this.address;
    const { connection, lifetime } = builder.fill(panel, {
      contract: reviewPage, title, everyMs: 50, target: projectNode(file),
      snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent), ready: () => { this.#begin(); },
    });
    panel.title = title;
    this.#panel = panel;
    this.#connection = connection;
    lifetime.add(panel.onDidChangeViewState(follow));
    lifetime.add(followProject(projects, file, change => { this.#note(change); }));
    lifetime.add({ dispose: () => { this.#leave(panel); } });
    follow();
    if (this.#desk.draft) this.#touch();
    void projects.forDocument(file).catch(() => undefined).then(() => { connection.changed(); }); // the page shows what is wrong with it
  }

  /** Hands the page a key that was pressed. @returns whether there is a page to hear it */
  press(command: ReviewCommand): boolean {
    return this.#connection?.tell({ kind: 'command', command }) === true;
  }

  /** Whatever was decided is stored, and the queue begins anew: it was decided about in another way. */
  async restart(): Promise<void> {
    await this.#desk.restart();
    this.#connection?.tell({ kind: 'restarted' });
  }

  /** Stores what was decided and could not be stored before. */
  settle(): Promise<void> {
    return this.#desk.store();
  }

  /** Makes a review of the amendment that is being typed. Where the editor saves by itself every other moment, that would be a decision that nobody made: the text is kept aside. */
  async save(): Promise<void> {
    const { draft } = this.#desk;
    this.#dirty = false;
    if (!draft) return;
    if (savesByItself(this.uri)) {
      this.#keepAside(draftToText(draft));
      return;
    }
    this.#saving = true;
    try {
      if (this.press('save')) await Promise.race([this.#desk.draftEnds(), new Promise(resolve => { setTimeout(resolve, saveWithinMs); })]);
      await this.#desk.storeDraft(randomUUID()); // a page that is hidden ends nothing
    } finally {
      this.#saving = false;
    }
  }

  /** Throws the amendment that is being typed away. */
  revert(): void {
    this.#dirty = false;
    this.#desk.dropDraft();
    this.#connection?.tell({ kind: 'reverted' });
    this.#keepAside(undefined);
  }

  /** Writes what is typed where the editor wants it. */
  async backUp(destination: vscode.Uri): Promise<vscode.CustomDocumentBackup> {
    const { draft } = this.#desk;
    if (draft) await vscode.workspace.fs.writeFile(destination, Buffer.from(draftToText(draft)));
    return { id: destination.toString(), delete: () => { void vscode.workspace.fs.delete(destination).then(undefined, () => undefined); } }; // there is none where nothing was typed
  }

  dispose(): void {
    this.#panel = undefined;
    this.#closed = true;
    this.#tools.follow();
    void this.#desk.store().catch(() => undefined); // the page has said that it could not be stored
  }

  #engine(): ReviewEngine {
    return {
      queue: (query, { reviewer, skip, count }) => this.project.call('reviewQueue', { query, reviewer, skip: [...skip], count }),
      item: place => this.project.call('reviewItem', place),
      append: reviews => this.project.call('appendReviews', { reviews: [...reviews] }),
    };
  }

  async #snapshot(): Promise<ReviewSnapshot> {
    const { project: file, title } = this.address;
    const head = { name: overviewHead(file).name, title };
    const shown = shownProject(this.#tools.projects, file);
    if (shown.kind !== 'open') return { ...head, shown };
    await this.#desk.begin();
    return { ...head, shown: this.#desk.snapshot() };
  }

  #note(change: ProjectChange): void {
    if (change.kind === 'progress') return;
    this.#connection?.changed();
    if (!this.#isProjectOpen) return;
    const concerns = (task: string) => change.kind !== 'tasks' || change.all || change.tasks.has(task);
    void this.#desk.changed(concerns).then(() => this.#desk.store()).catch(() => undefined); // the next look or decision says what is wrong
  }

  /** The page has been loaded, and types nothing yet. */
  #begin(): void {
    this.#typing = false;
    this.#tools.follow();
    this.#desk.reloaded();
  }

  async #fulfil(intent: ReviewIntent): Promise<void> {
    switch (intent.kind) {
      case 'act':
        await this.#desk.act(intent.pending);
        setContext('regenesis.has.review', true);
        this.#cleanUp();
        break;
      case 'draft': await this.#type(intent.draft); break;
      case 'look': await this.#desk.look(intent); break;
      case 'show': await this.#desk.show(intent); break;
      case 'typing':
        this.#typing = intent.typing;
        this.#tools.follow();
        break;
      case 'reopen': await this.#tools.projects.open(this.address.project, 'open'); break;
      default: await this.#tools.fulfil(this, intent);
    }
  }

  async #type(draft: Extract<ReviewIntent, { kind: 'draft' }>['draft']): Promise<void> {
    await this.#desk.type(draft ?? undefined);
    if (draft) this.#touch();
    else this.#cleanUp();
  }

  #touch(): void {
    this.#dirty = true;
    this.#place.edited(this);
  }

  /** An amendment has ended. The editor takes only a save for clean. */
  #cleanUp(): void {
    if (this.#desk.draft) return;
    this.#keepAside(undefined);
    if (!this.#dirty || this.#saving) return;
    this.#dirty = false;
    void vscode.workspace.save(this.uri);
  }

  #keepAside(text: string | undefined): void {
    const { draftFile } = this.#place;
    if (text === undefined) {
      fs.rmSync(draftFile, { force: true });
      return;
    }
    fs.mkdirSync(path.dirname(draftFile), { recursive: true });
    fs.writeFileSync(draftFile, text);
  }

  #leave(panel: vscode.WebviewPanel): void {
    if (this.#panel !== panel) return;
    this.#panel = undefined;
    this.#connection = undefined;
    this.#typing = false;
    this.#tools.follow();
  }
}

const savesByItself = (uri: vscode.Uri): boolean => vscode.workspace.getConfiguration('files', uri).get('autoSave') !== 'off';
