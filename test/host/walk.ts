// Every command of the manifest, called as the palette calls it, and what it says. What it asks is called off.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { problemOf, type ProblemCode } from '../../src/core/model/problem.ts';
import { Documents } from '../../src/host/documents/documents.ts';
import { bundlesIn, nodeFor, openEngineOf } from '../../src/host/engines.ts';
import { handlersOf } from '../../src/host/handlers.ts';
import { Evaluations } from '../../src/host/evaluation/evaluations.ts';
import { ImportProblems } from '../../src/host/imports/importProblems.ts';
import { Jobs } from '../../src/host/jobs/jobs.ts';
import { JobsOnScreen } from '../../src/host/jobs/jobsOnScreen.ts';
import { PromptServer } from '../../src/host/language/promptServer.ts';
import { Lifetime } from '../../src/host/lifetime.ts';
import { commands, type CommandArguments, type CommandId } from '../../src/host/manifest.ts';
import { Notify, type Action } from '../../src/host/notify.ts';
import { PromptFlags } from '../../src/host/prompts/promptFlags.ts';
import { ShippedPrompts } from '../../src/host/prompts/shippedPrompts.ts';
import { Projects } from '../../src/host/projects/projects.ts';
import { DemoServer } from '../../src/host/servers/demoServer.ts';
import { ServerKeys } from '../../src/host/servers/keys.ts';
import { KnownOrigins } from '../../src/host/servers/knownOrigins.ts';
import { ServerTree } from '../../src/host/servers/serverTree.ts';
import { tabsOf } from '../../src/host/tabs.ts';
import { TaskTree } from '../../src/host/tree/taskTree.ts';
import type { Workbench } from '../../src/host/workbench.ts';

/** One thing that was said: the words, and the ways out. */
export interface Said {
  readonly words: string;
  readonly actions: readonly string[];
  readonly code?: ProblemCode;
}

/** Hears what would be shown in message boxes, of which tests see nothing. Whatever asks is answered with no, unless a test agrees. */
class Listener extends Notify {
  said: Said[] = [];
  offered: readonly Action[] = [];
  agrees = false;

  override tell(message: string, actions: readonly Action[] = []): void {
    this.offered = actions;
    this.said.push({ words: message, actions: actions.map(action => (typeof action === 'string' ? action : action.title)) });
  }

  override problem(thrown: unknown, doing?: string, actions?: readonly Action[]): void {
    const before = this.said.length;
    super.problem(thrown, doing, actions);
    const { code } = problemOf(thrown);
    this.said = this.said.map((each, index) => (index < before ? each : { ...each, code }));
  }

  override confirm(message: string, button: string): Promise<boolean> {
    this.said.push({ words: message, actions: [button] });
    return Promise.resolve(this.agrees);
  }

  override ask(message: string, buttons: readonly string[]): Promise<string | undefined> {
    this.said.push({ words: message, actions: buttons });
    return Promise.resolve(undefined);
  }
}

/** These leave the project in another state: called by whoever wants that. */
const changing: readonly CommandId[] = ['regenesis.demo.try', 'regenesis.project.close', 'regenesis.project.reopen', 'regenesis.run.cancel'];

/** All that commands work with, in a window of its own making. */
export class Walk {
  readonly projects: Projects;
  readonly jobs: Jobs;
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'walk-'));
  readonly demo: DemoServer;
  readonly bundles = bundlesIn(path.resolve(__dirname, '../..'), { app: 'test', storage: fs.mkdtempSync(path.join(os.tmpdir(), 'storage-')) });
  readonly keys: ServerKeys;
  readonly known: KnownOrigins;
  /** What was written to the log. */
  readonly logged: string[] = [];
  readonly #lifetime = new Lifetime();
  readonly #listener: Listener;
  readonly #handlers: ReturnType<typeof handlersOf>;

  /** @param shippedFolder what ships; of another version, for a test */
  constructor(shippedFolder = path.resolve(__dirname, '../../prompts')) {
    const log = this.#heard(this.#lifetime.add(vscode.window.createOutputChannel('Walk', { log: true })));
    const values = new Map<string, unknown>();
    const memory: vscode.Memento = {
      keys: () => [...values.keys()],
      get: <Value>(key: string, otherwise?: Value) => (values.get(key) ?? otherwise) as Value | undefined,
      update: async (key, value) => { values.set(key, value); },
    };
    const kept = new Map<string, string>();
    const secrets: vscode.SecretStorage = {
      keys: async () => [...kept.keys()], get: async key => kept.get(key), store: async (key, value) => { kept.set(key, value); }, delete: async key => { kept.delete(key); },
      onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
    };
    this.projects = new Projects({ memory, openEngine: (file, how) => openEngineOf(this.bundles, file, how), log });
    this.demo = new DemoServer(() => ({ node: nodeFor(this.bundles), cliPath: this.bundles.cliPath, idleMs: 60_000 }));
    this.#listener = new Listener(log);
    const [keys, known] = [new ServerKeys(secrets), new KnownOrigins(memory)];
    this.jobs = this.#lifetime.add(new Jobs({ projects: this.projects, keys, onKeys: secrets.onDidChange, log }));
    [this.keys, this.known] = [keys, known];
    const shipped = new ShippedPrompts(shippedFolder);
    const workbench: Workbench = {
      projects: this.projects, notify: this.#listener, keys, known, servers: this.#lifetime.add(new ServerTree({ projects: this.projects, demo: this.demo, keys, known, jobs: this.jobs })),
      problems: this.#lifetime.add(new ImportProblems()), demo: this.demo, documents: this.#lifetime.add(new Documents(this.projects)),
      tree: this.#lifetime.add(new TaskTree(this.projects, log, memory)), view: { selection: [], reveal: async () => undefined }, runs: { reveal: async () => true },
      shipped, promptFlags: this.#lifetime.add(new PromptFlags({ projects: this.projects, shipped, notify: this.#listener, log })),
      language: this.#lifetime.add(new PromptServer({ serverPath: this.bundles.serverPath, loadFacts: () => Promise.reject(new Error('nobody opens a prompt here')), projects: this.projects, notify: this.#listener, log })),
      jobs: this.jobs, jobsOnScreen: new JobsOnScreen(), evaluations: this.#lifetime.add(new Evaluations({ projects: this.projects, log })), log, memory, storageFolder: this.folder,
    };
    const root = vscode.Uri.file(path.resolve(__dirname, '../..'));
    this.#handlers = handlersOf(workbench, this.#lifetime.add(tabsOf(workbench, root)));
  }

  /** The same channel, of which a test sees what is written: the editor that tests run in keeps no logs. */
  #heard(log: vscode.LogOutputChannel): vscode.LogOutputChannel {
    const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
    const writers = Object.fromEntries(levels.map(level => [level, (message: string | Error, ...rest: readonly unknown[]) => {
      this.logged.push(`${level} ${[message, ...rest].map(String).join(' ')}`);
      log[level](String(message), ...rest);
    }]));
    return Object.assign(Object.create(log) as vscode.LogOutputChannel, writers);
  }

  /** Says what went wrong, as commands do. */
  problem(thrown: unknown): readonly Said[] {
    this.#listener.said = [];
    this.#listener.problem(thrown);
    return this.#listener.said;
  }

  /** Whether this person presses the button when something is to be confirmed. */
  set agrees(agrees: boolean) {
    this.#listener.agrees = agrees;
  }

  /** Calls one command. What it asks of a person is called off. @returns what it said */
  async call(id: CommandId, ...given: CommandArguments): Promise<readonly Said[]> {
    this.#listener.said = [];
    const done = (async () => this.#handlers[id](...given))().catch((thrown: unknown) => { this.#listener.problem(thrown); }).then(() => true);
    const soon = () => new Promise<false>(resolve => { setTimeout(() => { resolve(false); }, 100); });
    while (!await Promise.race([done, soon()])) await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    return this.#listener.said;
  }

  /** Presses a button of what was told last. */
  async press(title: string): Promise<void> {
    const action = this.#listener.offered.find(each => typeof each !== 'string' && each.title === title);
    if (typeof action === 'object') await action.run();
  }

  /** Calls every command that leaves things as they are. @returns what each of them said */
  async all(): Promise<ReadonlyMap<CommandId, readonly Said[]>> {
    const said = new Map<CommandId, readonly Said[]>();
    for (const id of Object.keys(commands) as CommandId[]) if (!changing.includes(id)) said.set(id, await this.call(id));
    return said;
  }

  async end(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await this.projects.end();
    await this.demo.end();
    this.projects.dispose();
    this.#lifetime.dispose();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Commands whose words match; a command that said several things counts once. */
export const saying = (said: ReadonlyMap<CommandId, readonly Said[]>, words: RegExp): readonly CommandId[] =>
  [...said].filter(([, all]) => all.some(each => words.test(each.words))).map(([id]) => id);

/** What no command may ever say: that it failed without knowing why, or that something is wrong and nothing can be done. */
export const helpless = (said: ReadonlyMap<CommandId, readonly Said[]>): readonly string[] =>
  [...said].flatMap(([id, all]) => all.filter(({ code, actions }) => code === 'bug' || actions.length === 0).map(({ words }) => `${id}: ${words}`));
