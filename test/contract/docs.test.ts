import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { promptProblemCodes } from '../../src/core/prompts/problem.ts';
import { pageOf } from '../../src/promptLanguage/diagnostics.ts';
import { rooms } from './walls.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8');
const isThere = (name: string): boolean => fs.existsSync(path.join(root, name));

/** The pages that say how things are; a decision says how they were when it was taken. */
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/prompt-language.md', 'docs/recipes.md', 'docs/benchmarks.md', 'docs/figures.md', 'docs/alignment.md', 'docs/review.md', 'docs/exporting.md'];
/** The anchor that GitHub and the editor give a heading. */
const anchorOf = (heading: string): string => heading.toLowerCase().replace(/[^\p{L}\p{N}\- ]/gu, '').replaceAll(' ', '-');
const found = (page: string, pattern: RegExp): string[] => [...read(page).matchAll(pattern)].map(match => match[1] ?? '');

describe('the pages', () => {
  it('name files that are there', () => {
    const named = pages.flatMap(page => found(page, /`((?:src|test|docs|prompts|bench|media)\/[\w./-]+)`/g).map(name => `${page}: ${name}`));
    assert.ok(named.length > 50);
    assert.deepEqual(named.filter(each => !isThere(each.split(': ')[1] ?? '')), []);
  });

  it('link to what is there', () => {
    const links = pages.flatMap(page => found(page, /\]\((?!https?:)([^)#]+)\)/g).map(link => path.posix.join(path.posix.dirname(page), link)));
    assert.deepEqual(links.filter(link => !isThere(link)), []);
  });

  it('name scripts that there are', () => {
    const { scripts } = z.parse(z.object({ scripts: z.record(z.string(), z.string()) }), JSON.parse(read('package.json')));
    assert.deepEqual(pages.flatMap(page => found(page, /npm run ([\w:]+)/g)).filter(name => !(name in scripts)), []);
  });

  it('describe every room', () => {
    const described = found('ARCHITECTURE.md', /^\| ((?:`[\w/]+`(?:, )?)+) \|/gm).flatMap(names => [...names.matchAll(/`([\w/]+)`/g)].map(match => match[1] ?? ''));
    assert.deepEqual(Object.keys(rooms).filter(room => !room.endsWith('.ts') && !described.some(name => name === room || name.startsWith(`${room}/`))), []);
    assert.deepEqual(described.filter(name => !isThere(`src/${name}`)), []);
  });

  it('explain every problem of prompts and recipes, each where its finding leads to', () => {
    const headings = ['prompt-language.md', 'recipes.md'].flatMap(page => found(`docs/${page}`, /^#+ (.+)$/gm).map(heading => `${page}#${anchorOf(heading)}`));
    assert.equal(new Set(headings).size, headings.length, 'no two headings have the same anchor');
    assert.deepEqual(promptProblemCodes.map(pageOf).filter(place => !headings.includes(place)), []);
    const explained = ['docs/prompt-language.md', 'docs/recipes.md'].flatMap(page => found(page, /^### `(.+)`$/gm));
    assert.deepEqual(explained.toSorted(), [...promptProblemCodes].sort());
  });

  it('link to places that are there', () => {
    const places = new Set(pages.flatMap(page => found(page, /^#+ (.+)$/gm).map(heading => `${page}#${anchorOf(heading)}`)));
    const links = pages.flatMap(page => found(page, /\]\((?!https?:)([^)]*#[^)]+)\)/g).map(link => (link.startsWith('#') ? `${page}${link}` : path.posix.join(path.posix.dirname(page), link))));
    assert.deepEqual(links.filter(link => link.split('#', 1).some(page => pages.includes(page)) && !places.has(link)), []);
  });
});
