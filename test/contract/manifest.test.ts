import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { reviewCommands } from '../../src/contract/pages/review.ts';
import { rejectReasons } from '../../src/core/model/review.ts';
import { stages } from '../../src/core/model/stage.ts';
import { partNames, parts } from '../../src/host/runs/stageTable.ts';
import { commands, contextKeys, customEditors, importEndings, pages, projectEnding, reviewEnding, reviewScheme, settings, submenus, views, walkthrough, type CommandId } from '../../src/host/manifest.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): unknown => JSON.parse(fs.readFileSync(path.join(root, name), 'utf8'));

const menuItem = z.object({ command: z.optional(z.string()), submenu: z.optional(z.string()), when: z.optional(z.string()), group: z.optional(z.string()) });
const manifestSchema = z.object({
  name: z.string(),
  publisher: z.string(),
  extensionKind: z.array(z.string()),
  activationEvents: z.optional(z.array(z.string())),
  contributes: z.object({
    commands: z.array(z.object({ command: z.string(), title: z.string(), category: z.string(), icon: z.optional(z.string()) })),
    views: z.record(z.string(), z.array(z.object({ id: z.string(), name: z.string() }))),
    viewsWelcome: z.array(z.object({ view: z.string(), contents: z.string(), when: z.string() })),
    customEditors: z.array(z.object({ viewType: z.string(), selector: z.array(z.object({ filenamePattern: z.string() })) })),
    submenus: z.array(z.object({ id: z.string(), label: z.string() })),
    menus: z.record(z.string(), z.array(menuItem)),
    keybindings: z.array(z.object({ command: z.string(), key: z.string(), mac: z.optional(z.string()), when: z.string() })),
    walkthroughs: z.array(z.object({
      id: z.string(), title: z.string(), description: z.string(),
      steps: z.array(z.object({ id: z.string(), title: z.string(), description: z.string(), media: z.object({ svg: z.string(), altText: z.string() }), completionEvents: z.array(z.string()) })),
    })),
    configuration: z.object({ properties: z.record(z.string(), z.object({ type: z.string(), default: z.unknown(), scope: z.string() })) }),
  }),
  capabilities: z.object({ untrustedWorkspaces: z.object({ restrictedConfigurations: z.array(z.string()) }) }),
});
/** When a review is in front of the person. */
const reviewInFront = `activeCustomEditorId == '${customEditors.review}'`;
const textsSchema = z.record(z.string(), z.string());

const manifest = z.parse(manifestSchema, read('package.json'));
const texts = z.parse(textsSchema, read('package.nls.json'));
const { contributes } = manifest;
const ids = Object.keys(commands) as CommandId[];
const textOf = (reference: string): string => texts[reference.slice(1, -1)] ?? `${reference} is missing`;
const linksIn = (text: string): readonly string[] => [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id ?? '');
const items = Object.entries(contributes.menus).flatMap(([menu, entries]) => entries.map(entry => ({ menu, ...entry })));

/** Texts that a person reads, by the names of the fields that hold them; the names of the product and of its parts are the same in every language. */
const spoken = ['title', 'displayName', 'description', 'contents', 'altText', 'contextualTitle', 'category', 'markdownDescription', 'enumDescriptions', 'name'];
function spokenTexts(value: unknown, field = ''): string[] {
  if (typeof value === 'string') return spoken.includes(field) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(each => spokenTexts(each, field));
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, each]) => spokenTexts(each, name)) : [];
}

/** Every string in a value, at whatever depth. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

describe('the manifest', () => {
  it('finds each of its strings in package.nls.json, and uses all of them', () => {
    const used = strings(read('package.json')).flatMap(text => /^%(.+)%$/.exec(text)?.[1] ?? []);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
  });

  it('has no text of its own: each stands in package.nls.json', () => {
    const { contributes: all, capabilities, displayName, description } = read('package.json') as Record<string, unknown>;
    const texts = spokenTexts({ all, capabilities, displayName, description }).filter(text => text !== 'ReGenesis');
    assert.ok(texts.length > 50, `${texts.length} texts`);
    assert.deepEqual(texts.filter(text => !/^%[\w.]+%$/.test(text)), []);
  });

  it('runs where the files are, which may be another machine than the one of the window', () => {
    assert.deepEqual(manifest.extensionKind, ['workspace']);
  });

  it('walks through at most six steps, each ticked off by what is done', () => {
    const [only, ...others] = contributes.walkthroughs;
    assert.deepEqual(others, []);
    assert.equal(`${manifest.publisher}.${manifest.name}#${only?.id ?? ''}`, walkthrough);
    const steps = only?.steps ?? [];
    assert.ok(steps.length > 0 && steps.length <= 6);
    for (const { id, description, media, completionEvents } of steps) {
      assert.ok(fs.statSync(path.join(root, media.svg)).size > 0);
      assert.ok(linksIn(textOf(description)).length > 0, `${id} has something to press`);
      assert.ok(completionEvents.length > 0);
      for (const event of completionEvents) assert.ok(contextKeys.some(key => event === `onContext:${key}`) || ids.some(each => event === `onCommand:${each}`), event);
    }
  });

  it('contributes the commands of the table and no others, with their titles and icons', () => {
    const contributed = contributes.commands.map(({ command, title, category, icon }) => ({ command, title: textOf(title), category, icon }));
    const table = ids.map(id => {
      const spec: { readonly title: string; readonly icon?: string } = commands[id];
      return { command: id, title: spec.title, category: 'ReGenesis', icon: spec.icon === undefined ? undefined : `$(${spec.icon})` };
    });
    assert.deepEqual(contributed, table);
  });

  it('names commands by noun and verb, and titles them in title case', () => {
    for (const id of ids) {
      assert.match(id, /^regenesis\.[a-z]+\.[a-z]+(?:[A-Z][a-z]+)*[1-9]?$/);
      for (const word of commands[id].title.replace('…', '').split(' ')) assert.match(word, /^(?:[A-Z][\w-]*|the|for|and|of|on|with|to)$/, id);
    }
  });

  it('hides from the palette exactly what needs an item of the tree or the middle of a decision, and shows what needs a review where one is open', () => {
    const hidden = (contributes.menus['commandPalette'] ?? []).filter(({ when }) => when === 'false').map(({ command }) => command);
    assert.deepEqual(hidden.sort(), ids.filter(id => commands[id].offered === 'tree' || commands[id].offered === 'key').sort());
    const inReview = (contributes.menus['commandPalette'] ?? []).filter(({ when }) => when === reviewInFront).map(({ command }) => command);
    assert.deepEqual(inReview, ids.filter(id => commands[id].offered === 'review'));
  });

  it('puts only commands of the table into menus and welcomes', () => {
    const linked = [...contributes.viewsWelcome.map(({ contents }) => contents), ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description))]
      .flatMap(text => linksIn(textOf(text)));
    const named = [...items.flatMap(({ command }) => command ?? []), ...linked.filter(id => id !== 'workbench.trust.manage')];
    assert.deepEqual(named.filter(id => !ids.some(each => each === id)), []);
    assert.ok(items.every(({ command, submenu }) => (command === undefined) !== (submenu === undefined)));
  });

  it('asks only for context keys that are set, and for words that tree items carry', () => {
    const editors = ['view', 'viewItem', 'isWorkspaceTrusted', 'resourceExtname', 'resourceScheme', 'resourcePath', 'resourceFilename', 'isInDiffEditor', 'false', 'activeCustomEditorId', 'inputFocus', 'listFocus', 'sideBarFocus', 'panelFocus', 'auxiliaryBarFocus'];
    const known = [...editors, ...contextKeys];
    const clauses = [...items.map(({ when = '' }) => when), ...contributes.viewsWelcome.map(({ when }) => when), ...contributes.keybindings.map(({ when }) => when)];
    for (const clause of clauses) {
      const keys = clause.split('&&').map(part => /^\s*!?\s*([\w.]+)/.exec(part)?.[1] ?? '');
      for (const key of keys.filter(each => each !== '')) assert.ok(known.includes(key), `${key} in ${clause}`);
    }
    const tokens = new Set(clauses.flatMap(clause => [...clause.matchAll(/\\b(\w+);/g)].map(([, token]) => token ?? '')));
    assert.deepEqual([...tokens].sort(), ['asked', 'branch', 'ended', 'evaluation', 'failed', 'filter', 'going', 'group', 'heldOut', 'job', 'open', 'project', 'resumable', 'runnable', 'running', 'server', 'started', 'stopped', 'succeeded', 'task']);
  });

  it('has a command for every stage of the method, in a menu of its own', () => {
    assert.deepEqual(stages.map(stage => parts[stage].choices), stages.map(stage => ({ stages: [stage] })));
    const runners = partNames.map(part => parts[part].command);
    assert.equal(new Set(runners).size, runners.length, 'no two parts have one command');
    assert.deepEqual(runners.map(id => commands[id].offered), runners.map(() => 'anywhere'), 'each is in the palette');
    assert.deepEqual(contributes.submenus.map(({ id }) => id), Object.values(submenus));
    assert.deepEqual((contributes.menus[submenus.stages] ?? []).map(({ command }) => command).sort(), [...runners].sort());
    const opened = items.filter(({ submenu }) => submenu === submenus.stages).map(({ menu }) => menu);
    assert.deepEqual(opened, ['view/title', 'view/item/context'], 'the editor takes a menu within a menu once');
  });

  it('has the view, the settings and their defaults of the table', () => {
    assert.deepEqual(Object.values(contributes.views).flat().map(({ id }) => id), Object.values(views));
    const { properties } = contributes.configuration;
    assert.deepEqual(Object.fromEntries(Object.entries(properties).map(([key, setting]) => [key, setting.default])), settings);
    assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.sort(), Object.keys(settings).sort());
  });

  it('opens project files, and reviews of our own scheme, and no others', () => {
    assert.deepEqual(contributes.customEditors.map(({ viewType, selector }) => [viewType, selector]), [
      [customEditors.project, [{ filenamePattern: `*.${projectEnding}` }]], [customEditors.review, [{ filenamePattern: `${reviewScheme}:/**/*.${reviewEnding}` }]],
    ]);
  });

  it('has keys for reviews alone, each one thing, and never while something is typed or another part of the window has the focus', () => {
    const { keybindings } = contributes;
    assert.deepEqual(keybindings.filter(({ command }) => !ids.some(id => id === command)), []);
    assert.equal(new Set(keybindings.map(({ key }) => key)).size, keybindings.length);
    const elsewhere = ['inputFocus', 'listFocus', 'sideBarFocus', 'panelFocus', 'auxiliaryBarFocus'].map(key => `!${key}`);
    for (const { key, command, when } of keybindings) {
      const typing = command === 'regenesis.review.save' ? ['regenesis.review.typing'] : ['!regenesis.review.typing', ...elsewhere];
      assert.equal(when, [reviewInFront, ...typing].join(' && '), key);
    }
    const keyed = new Set(keybindings.map(({ command }) => command));
    assert.deepEqual(ids.filter(id => commands[id].offered === 'key' && !keyed.has(id)), []);
    const reasons = keybindings.filter(({ key }) => /^\d$/.test(key)).map(({ key, command }) => [key, command]);
    assert.deepEqual(reasons, rejectReasons.map((_, place) => [String(place + 1), `regenesis.review.reason${place + 1}`]));
  });

  it('has a command for whatever the page of a review can be told', () => {
    const named: Readonly<Record<string, string>> = { next: 'forward', previous: 'back' };
    assert.deepEqual(reviewCommands.filter(name => !ids.some(id => id === `regenesis.review.${named[name] ?? name}`)), []);
  });

  it('offers what can be imported in the explorer, by its ending', () => {
    const when = (command: CommandId) => contributes.menus['explorer/context']?.find(item => item.command === command)?.when ?? '';
    assert.ok(when('regenesis.tasks.import').endsWith(`/^\\.(${importEndings.join('|')})$/`));
    assert.ok(when('regenesis.project.open').endsWith(`.${projectEnding}`));
  });

  it('is activated by what the editor infers, and by its pages that an earlier window left open', () => {
    assert.deepEqual(manifest.activationEvents, [...Object.values(pages).map(viewType => `onWebviewPanel:${viewType}`), `onFileSystem:${reviewScheme}`]);
  });
});
