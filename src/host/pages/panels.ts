import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { pages, type PageId } from '../manifest.ts';

/** One kind of page that stands in a tab of its own. */
export interface PanelKind<Address> {
  readonly id: PageId;
  /** What a page of this kind is about, such as a project and a task. Two pages of one address are one. */
  readonly address: z.ZodMiniType<Address>;
  readonly title: (address: Address) => string;
  /** Fills a panel, new or left from an earlier window. */
  readonly fill: (panel: vscode.WebviewPanel, address: Address) => void;
}

/** What the page has kept: see `data-address` of the frame. */
const keptSchema = z.object({ address: z.unknown() });

/** The tabs of one kind of page: at most one for each address, and there again after the window is reloaded. */
export class Panels<Address> implements vscode.WebviewPanelSerializer {
  readonly #kind: PanelKind<Address>;
  readonly #open = new Map<string, vscode.WebviewPanel>();

  constructor(kind: PanelKind<Address>) {
    this.#kind = kind;
  }

  /** Brings the page of an address to the front; makes it where there is none. @param column where a new one is put */
  show(address: Address, column = vscode.ViewColumn.Active): void {
    const known = this.#open.get(JSON.stringify(address));
    if (known) known.reveal();
    else this.#fill(vscode.window.createWebviewPanel(pages[this.#kind.id], this.#kind.title(address), column), address);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = z.safeParse(keptSchema, state);
    const address = z.safeParse(this.#kind.address, kept.success ? kept.data.address : undefined);
    if (address.success) this.#fill(panel, address.data);
    else panel.dispose(); // what it was about is not known any more
  }

  #fill(panel: vscode.WebviewPanel, address: Address): void {
    const key = JSON.stringify(address);
    this.#open.set(key, panel);
    panel.title = this.#kind.title(address);
    panel.onDidDispose(() => { this.#open.delete(key); });
    this.#kind.fill(panel, address);
  }
}
