import * as vscode from 'vscode';
import type { PageContract } from '../../contract/pages/page.ts';
import { executeCommand } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import { PageConnection } from './pageConnection.ts';
import { newNonce, pageHtml } from './pageHtml.ts';

/** What a page of the editor needs. */
export interface PageSetup<Snapshot, Intent, News = never> {
  readonly contract: PageContract<Snapshot, Intent, News>;
  readonly title: string;
  /** What the page is about; kept by the page where it is no custom editor, and handed back when the window is loaded again. */
  readonly address?: unknown;
  readonly snapshot: () => Snapshot | Promise<Snapshot>;
  readonly fulfil: (intent: Intent) => unknown;
  readonly everyMs?: number;
  /** The page has been loaded, for the first time or again. */
  readonly ready?: () => void;
  /** What commands that lead out of a problem are called on, such as the project's node. */
  readonly target?: unknown;
}

/** Builds the pages of this extension: each is a frame, a script and the one style sheet, and talks through its contract. */
export class PageBuilder {
  readonly #folder: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;

  constructor(extension: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
    this.#log = log;
  }

  /** Fills a panel. What is registered with the lifetime ends with the panel. */
  fill<Snapshot, Intent, News = never>(panel: vscode.WebviewPanel, setup: PageSetup<Snapshot, Intent, News>): { readonly connection: PageConnection<Snapshot, Intent, News>; readonly lifetime: Lifetime } {
    const { webview } = panel;
    const { contract, title, address, snapshot, fulfil, everyMs, target, ready } = setup;
    const lifetime = new Lifetime();
    const connection = lifetime.add(new PageConnection({
      contract, snapshot, fulfil, runCommand: id => executeCommand(id, target), ...(everyMs === undefined ? {} : { everyMs }), ...(ready ? { ready } : {}),
      log: line => { this.#log.error(line); },
      window: { get visible() { return panel.visible; }, post: message => { void webview.postMessage(message); } },
    }));
    lifetime.add(webview.onDidReceiveMessage((message: unknown) => connection.receive(message)));
    lifetime.add(panel.onDidChangeViewState(() => { connection.visibilityChanged(); }));
    panel.onDidDispose(() => { lifetime.dispose(); });
    const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#folder, name)).toString();
    webview.options = { enableScripts: true, localResourceRoots: [this.#folder] };
    webview.html = pageHtml({ title, nonce: newNonce(), source: webview.cspSource, script: file(`${contract.name}.js`), style: file('page.css'), ...(address === undefined ? {} : { address }) });
    queueMicrotask(() => { connection.ahead(); }); // whoever fills the panel has not got the connection yet
    return { connection, lifetime };
  }
}
