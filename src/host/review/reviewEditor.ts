import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ReviewCommand } from '../../contract/pages/review.ts';
import { problemError } from '../../core/model/problem.ts';
import { setContext } from '../contributions.ts';
import type { Disposable } from '../lifetime.ts';
import { ReviewDocument, type ReviewTools } from './reviewDocument.ts';
import { reviewerName } from './reviewer.ts';
import { readReviewAddress } from './reviewUri.ts';

/** How a document is opened. */
export interface Opening {
  /** What the editor kept of it. */
  readonly backup: string | undefined;
  /** An amendment is being typed in it. */
  readonly edited: (document: ReviewDocument) => void;
}

/** The reviews that are open in this window. */
export class ReviewEditor implements Disposable {
  readonly #tools: Omit<ReviewTools, 'reviewer' | 'follow'>;
  readonly #draftFolder: string;
  readonly #open = new Set<ReviewDocument>();

  /** @param storage a folder of our own */
  constructor(tools: Omit<ReviewTools, 'reviewer' | 'follow'>, storage: string) {
    this.#tools = tools;
    this.#draftFolder = path.join(storage, 'reviewDrafts');
  }

  /** The review in front of the person; one that is only seen beside something else is not meant by any key. */
  get active(): ReviewDocument | undefined {
    return [...this.#open].find(({ isActive }) => isActive);
  }

  /** Opens a document, with what was typed in it when it was left. Throws `usage` for an address that is none of ours. */
  async open(uri: vscode.Uri, { backup, edited }: Opening): Promise<ReviewDocument> {
    const address = readReviewAddress(uri.query);
    if (!address) throw problemError('usage', 'This address names no review. Open one from its project.');
    const draftFile = path.join(this.#draftFolder, `${createHash('sha256').update(uri.toString()).digest('hex')}.json`);
    const draft = await textAt(backup === undefined ? draftFile : vscode.Uri.parse(backup).fsPath);
    const document: ReviewDocument = new ReviewDocument({ ...this.#tools, reviewer: reviewerName(), follow: () => { this.#follow(document); } }, { uri, address, draft, draftFile, edited });
    this.#open.add(document);
    return document;
  }

  /** Hands a key to the page of the review in front. @returns whether a review is open */
  press(command: ReviewCommand): boolean {
    const { active } = this;
    active?.press(command);
    return active !== undefined;
  }

  dispose(): void {
    this.#open.clear();
    setContext('regenesis.review.typing', false);
  }

  #follow(document: ReviewDocument): void {
    if (document.isClosed) this.#open.delete(document);
    setContext('regenesis.review.typing', [...this.#open].some(({ isActive, isTyping }) => isActive && isTyping));
  }
}

/** A file's text; absent where there is none. */
const textAt = (file: string): Promise<string | undefined> => fs.readFile(file, 'utf8').catch(() => undefined);
