import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Locator, Page } from 'playwright-core';
import { openBrowser, runCommand, workbenchAddress } from '../vscode/browser.ts';
import { installExtensions, startServer, type ServerOptions } from '../vscode/server.ts';
import { packageFolder } from '../support/packaged.ts';
import { takePicture } from './pictures.ts';

let installed: string | undefined;

/** The extension as it is published, packaged and installed once for all windows of a process. */
function installedExtension(): string {
  if (installed === undefined) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'installed-'));
    process.once('exit', () => { fs.rmSync(folder, { recursive: true, force: true }); });
    packageFolder(path.resolve(import.meta.dirname, '../..'), path.join(folder, 'regenesis.vsix'));
    installExtensions([path.join(folder, 'regenesis.vsix')], folder);
    installed = folder;
  }
  return installed;
}

/** The packaged extension in an editor, as a person sees and uses it. */
export class Editor {
  readonly page: Page;
  /** The folder that is open; its own for each editor. */
  readonly folder: string;
  /** What the editor keeps on the machine that it serves: settings, extensions, their storage, logs. */
  readonly profile: string;
  readonly #close: () => Promise<void>;

  private constructor(page: Page, { folder, profile }: { readonly folder: string; readonly profile: string }, close: () => Promise<void>) {
    this.page = page;
    this.folder = folder;
    this.profile = profile;
    this.#close = close;
  }

  /** Opens a window on an empty folder. `fill` may put something in first. */
  static async open(options: ServerOptions = {}, fill?: (folder: string) => void): Promise<Editor> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'workspace-'));
    fill?.(folder);
    const server = await startServer({ ...options, installed: installedExtension() });
    const browser = await openBrowser();
    await browser.page.goto(workbenchAddress(server, folder), { waitUntil: 'domcontentloaded' });
    return new Editor(browser.page, { folder, profile: server.profile }, async () => {
      await browser.close();
      await server.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    });
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Keeps what is on screen where a test failed. */
  async pictureOfFailure(test: { readonly state?: string | undefined } | undefined, name: string): Promise<void> {
    if (test?.state === 'failed') await takePicture(this.page, `failed-${name}`);
  }

  /** A path in the open folder. */
  file(name: string): string {
    return path.join(this.folder, name);
  }

  async showView(): Promise<void> {
    await this.page.locator('.activitybar').getByRole('tab', { name: 'ReGenesis' }).click();
  }

  async command(title: string): Promise<void> {
    await runCommand(this.page, `ReGenesis: ${title}`);
  }

  /** Runs a command and takes one of the choices that it offers, of a long list those that `typed` leaves: what is further down is not drawn. */
  choose(title: string, words: RegExp, typed?: string): Promise<void> {
    return this.#again(async timeout => {
      await this.command(title);
      if (typed !== undefined) await this.page.locator('.quick-input-widget:visible input[type=text]').first().fill(typed);
      await this.option(words).click({ timeout });
    });
  }

  /** Runs a command that asks for a task and then for a branch of it, and takes the first that are called so. */
  chooseBranch(title: string, { task, branch }: { readonly task: string; readonly branch: RegExp }): Promise<void> {
    return this.#again(async timeout => {
      await this.command(title);
      await this.page.getByPlaceholder(/^Which task/).fill(task, { timeout }); // what is typed before goes to the palette
      await this.option(new RegExp(task)).click({ timeout });
      await this.option(branch).click({ timeout });
    });
  }

  /** Opens a file of the folder by its name. Rows of the explorer move as files come and go, so that a click may hit another. */
  openFile(name: string): Promise<void> {
    return this.#again(async timeout => {
      await this.page.keyboard.press('Control+p');
      await this.page.locator('.quick-input-widget input').first().fill(name, { timeout });
      await this.page.locator('.quick-input-list').getByRole('option', { name: `${name},` }).first().waitFor({ timeout });
      await this.enter();
    });
  }

  /** Chooses from a list of the editor. A page that takes the focus late takes the list away: then it is done again, as a person would. */
  async #again(attempt: (timeout: number) => Promise<void>): Promise<void> {
    for (let left = 3; ; left -= 1) {
      try {
        await attempt(left === 1 ? 30_000 : 8_000);
        return;
      } catch (thrown) {
        if (left === 1) throw thrown;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** A button of a view's welcome; of the tasks' where several views have it. */
  welcome(name: string): Locator {
    return this.page.getByRole('region', { name: 'Welcome' }).getByRole('button', { name }).first();
  }

  /** A message with such words. */
  toast(words: RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: words });
  }

  /** The first row of the tree that a screen reader would read so. */
  row(words: RegExp): Locator {
    return this.page.locator('.sidebar').getByRole('treeitem', { name: words }).first();
  }

  /** Takes what the editor's box proposes, whatever has the focus: a page may have taken it. */
  enter(): Promise<void> {
    return this.page.locator('.quick-input-widget:visible input[type=text]:visible').first().press('Enter');
  }

  /** A choice of a quick pick. */
  option(words: RegExp): Locator {
    return this.page.locator('.quick-input-list').getByRole('option', { name: words }).first();
  }

  tab(words: RegExp): Locator {
    return this.page.locator('.tabs-container').getByRole('tab', { name: words });
  }

  /** A line of the document on screen. */
  line(words: string | RegExp): Locator {
    return this.page.locator('.view-lines').getByText(words).first();
  }

  /** Waits until a file dialog proposes a file of this name. */
  async proposed(name: string): Promise<void> {
    await this.page.waitForFunction(`[...document.querySelectorAll('input')].some(input => input.value.endsWith(${JSON.stringify(name)}))`);
  }

  /** Answers the input box, or the file dialog, with this title. */
  async answer(title: string | RegExp, text: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget').filter({ hasText: title });
    await box.waitFor();
    const field = box.locator('input[type=text], input[type=password]').first();
    await field.fill(text);
    await field.press('Enter');
  }
}
