// A headless Chromium that shows the workbench, driven by Playwright.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Frame, type FrameLocator, type Page } from 'playwright-core';
import { installedTools } from './install.ts';
import type { EditorServer } from './server.ts';

/** A browser with an empty profile of its own, and its one page. */
export interface Browser {
  readonly page: Page;
  readonly close: () => Promise<void>;
}

interface Executable {
  readonly executablePath: string;
  readonly env?: Record<string, string>;
}

/** `CHROMIUM` where it is set, else the pinned one, else one that the machine has. */
function findBrowser(): Executable {
  const tools = installedTools();
  const pinned = path.join(tools, 'chromium/chromium');
  const candidates = [process.env['CHROMIUM'], pinned, '/usr/bin/chromium', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  const executablePath = candidates.find(file => file !== undefined && fs.existsSync(file));
  if (executablePath === undefined) throw new Error('no browser: install Chromium (Debian: apt-get install chromium) or set CHROMIUM to the path of one');
  if (executablePath !== pinned) return { executablePath };
  const inherited = Object.entries(process.env).flatMap(([name, value]) => value === undefined ? [] : [[name, value] as const]);
  const own = { FONTCONFIG_FILE: path.join(tools, 'chromium/fonts.conf'), LD_LIBRARY_PATH: path.join(tools, 'chromium/lib') };
  return { executablePath, env: { ...Object.fromEntries(inherited), ...own } };
}

/** Opens a browser; the caller closes it. */
export async function openBrowser(viewport = { width: 1280, height: 800 }): Promise<Browser> {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'browser-'));
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const context = await chromium.launchPersistentContext(profile, { ...findBrowser(), headless: true, viewport, args: ['--no-sandbox', ...quiet] });
  const close = async () => {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { page: context.pages()[0] ?? await context.newPage(), close };
}

/** The address of a file of the server's machine, as the workbench knows it. */
export const remoteFile = (server: EditorServer, file: string): string => `vscode-remote://${new URL(server.address).host}${file}`;

/** The address at which a server shows a folder. `payload`: what desktop VS Code would be told on its command line. */
export function workbenchAddress(server: EditorServer, folder: string, payload?: readonly (readonly [string, string])[]): string {
  const query = new URLSearchParams({ folder });
  if (payload !== undefined) query.set('payload', JSON.stringify(payload));
  return `${server.address}/?${query.toString()}`;
}

/** The webview on screen. With split editors take `.nth(i)` of the frames instead. */
export function webview(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
}

/** The same as a frame, in which scripts can be run. */
export async function webviewFrame(page: Page): Promise<Frame> {
  const frame = await (await page.locator('iframe.webview.ready:visible').contentFrame().locator('iframe#active-frame').elementHandle()).contentFrame();
  if (!frame) throw new Error('the page is not there');
  return frame;
}

/** Runs a command by its title, as a user does: through the palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${title}`);
  await page.locator('.quick-input-list').getByRole('option', { name: title }).first().click();
}
