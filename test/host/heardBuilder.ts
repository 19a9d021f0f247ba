import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { PageContract } from '../../src/contract/pages/page.ts';
import { PageBuilder, type PageSetup } from '../../src/host/pages/page.ts';

/** What the editor wants of a page, for a test that is the page. */
export interface HeardPage<Snapshot, Intent> {
  readonly snapshot: () => Promise<Snapshot>;
  readonly fulfil: (intent: Intent) => Promise<void>;
  /** What the page itself was sent last; absent before. One that is not on screen is sent nothing. */
  readonly sent: () => Snapshot | undefined;
}

interface Filled {
  readonly name: string;
  readonly snapshot: () => Promise<unknown>;
  readonly fulfil: (intent: unknown) => Promise<void>;
  sent: unknown;
}

/** Builds pages as ever, and hands a test what they would say and hear. */
export class HeardBuilder extends PageBuilder {
  readonly #filled: Filled[] = [];

  constructor(log: vscode.LogOutputChannel) {
    super(vscode.Uri.file(path.resolve(__dirname, '../..')), log);
  }

  override fill<Snapshot, Intent, News = never>(panel: vscode.WebviewPanel, setup: PageSetup<Snapshot, Intent, News>) {
    const { contract, snapshot, fulfil } = setup;
    const page: Filled = { name: contract.name, snapshot: async () => snapshot(), fulfil: async intent => { await fulfil(z.parse(contract.intent, intent)); }, sent: undefined };
    this.#filled.push(page);
    const sending = async () => {
      const sent = await snapshot();
      page.sent = sent;
      return sent;
    };
    return super.fill(panel, { ...setup, snapshot: sending });
  }

  /** The page of such a kind that was filled last. */
  latest<Snapshot, Intent, News>({ name, snapshot }: PageContract<Snapshot, Intent, News>): HeardPage<Snapshot, Intent> {
    const page = this.#filled.findLast(each => each.name === name);
    assert.ok(page, `no page ${name} was filled`);
    return { snapshot: async () => z.parse(snapshot, await page.snapshot()), fulfil: page.fulfil, sent: () => (page.sent === undefined ? undefined : z.parse(snapshot, page.sent)) };
  }
}
