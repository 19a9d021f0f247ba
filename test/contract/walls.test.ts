import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { type Import, roomOf, rooms, wallProblem } from './walls.ts';

const root = path.resolve(import.meta.dirname, '../..');
const source = path.join(root, 'src');

/** The rooms in which every export says what a caller must know. */
const documentedRooms = /^(?:core|ports|contract)\//;
const most = { lines: 600, doorLines: 120 };

interface SourceFile {
  /** Below src/, with forward slashes. */
  readonly name: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const files: readonly SourceFile[] = fs.readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => name.split(path.sep).join('/'))
  .sort()
  .map(name => {
    const text = fs.readFileSync(path.join(source, name), 'utf8');
    return { name, text, tree: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) };
  });

function everyNode(tree: ts.SourceFile): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return nodes;
}

interface Found {
  readonly what: ts.Node;
  readonly typeOnly: boolean;
}

/** `import('…')` and `require('…')`. */
function loaded(node: ts.Node): Found | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [what] = node.arguments;
  const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  return loads && what !== undefined ? { what, typeOnly: false } : undefined;
}

/** What a node imports, whichever of the ways it does so. */
function imported(node: ts.Node): Found | undefined {
  if (ts.isImportDeclaration(node)) return { what: node.moduleSpecifier, typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword };
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier === undefined ? undefined : { what: node.moduleSpecifier, typeOnly: node.isTypeOnly };
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? { what: node.argument.literal, typeOnly: true } : undefined;
  return ts.isExternalModuleReference(node) ? { what: node.expression, typeOnly: false } : loaded(node);
}

function importsOf(file: SourceFile): Import[] {
  return everyNode(file.tree).flatMap(node => {
    const found = imported(node);
    if (found === undefined) return [];
    // A name that is made up at run time could be anything.
    const specifier = ts.isStringLiteralLike(found.what) ? found.what.text : '(computed)';
    return [{ file: file.name, specifier, typeOnly: found.typeOnly }];
  });
}

const place = (file: SourceFile, node: ts.Node): string => `src/${file.name}:${file.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const findIn = (inFiles: readonly SourceFile[], find: (file: SourceFile) => readonly string[]): void => {
  assert.deepEqual(inFiles.flatMap(find), []);
};

describe('the rooms of src', () => {
  it('are all in the table', () => {
    findIn(files, ({ name }) => roomOf(name) === undefined ? [name] : []);
  });

  it('import only what their walls allow', () => {
    findIn(files, file => importsOf(file).flatMap(each => {
      const problem = wallProblem(each);
      return problem === undefined ? [] : [`${each.file}: ${problem}`];
    }));
  });

  it('keep the editor to the host and its door', () => {
    findIn(files, file => importsOf(file).some(({ specifier }) => specifier === 'vscode') && !/^(?:host\/|extension\.ts$)/.test(file.name) ? [file.name] : []);
  });

  it('have small files and smaller doors', () => {
    findIn(files, ({ name, text }) => {
      const lines = text.split('\n').length - 1;
      return lines > (name.includes('/') ? most.lines : most.doorLines) ? [`${name} has ${lines} lines`] : [];
    });
  });

  it('know no any', () => {
    findIn(files, file => everyNode(file.tree).filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword).map(node => place(file, node)));
  });

  it('explain every export of the core, the ports and the contract', () => {
    findIn(files.filter(({ name }) => documentedRooms.test(name)), file => file.tree.statements
      .filter(statement => isExported(statement) && ts.getJSDocCommentsAndTags(statement).length === 0)
      .map(statement => place(file, statement)));
  });

  it('leave no note to do something later', () => {
    findIn(files, file => /\b(?:TODO|FIXME|XXX|HACK)\b/.test(file.text) ? [file.name] : []);
  });

  it('switch no check off', () => {
    findIn(files, file => /eslint-disable|@ts-(?:ignore|nocheck|expect-error)/.test(file.text) ? [file.name] : []);
  });
});

describe('the table of walls', () => {
  const allowed = (file: string, specifier: string, typeOnly = false) => wallProblem({ file, specifier, typeOnly }) === undefined;

  it('names rooms that exist', () => {
    const named = Object.values(rooms).flatMap(room => [...room.rooms ?? [], ...room.types ?? []]);
    assert.deepEqual(named.filter(name => !(name in rooms)), []);
  });

  it('keeps what comes to outcomes from the rooms that the hash of the core leaves out', () => {
    const [, list = ''] = /withoutOutcome = \[(.*?)\]/.exec(fs.readFileSync(path.join(root, 'esbuild.mjs'), 'utf8')) ?? [];
    const left = [...list.matchAll(/'(\w+)'/g)].map(([, name]) => `core/${name ?? ''}`);
    assert.ok(left.length > 0 && left.every(name => name in rooms), list);
    const others = Object.entries(rooms).filter(([name]) => name.startsWith('core/') && !left.includes(name));
    assert.deepEqual(others.flatMap(([name, { rooms: values = [], types = [] }]) => [...values, ...types].filter(each => left.includes(each)).map(each => `${name} imports ${each}`)), []);
  });

  it('refuses what it does not name', () => {
    assert.equal(allowed('core/model/task.ts', 'node:fs'), false);
    assert.equal(allowed('core/verify/grade.ts', '../plan/taskPlan.ts'), false);
    assert.equal(allowed('engine/runner.ts', '../adapters/hash.ts'), false);
    assert.equal(allowed('adapters/store/sqlite.ts', '../models/client.ts'), false);
    assert.equal(allowed('client/connect.ts', 'vscode'), false);
    assert.equal(allowed('core/prompts/check.ts', 'zod'), false);
    assert.equal(allowed('cli/run.ts', '../../test/support/data.ts'), false);
    assert.equal(allowed('cli/run.ts', '../client/connect'), false);
  });

  it('tells types from values', () => {
    assert.equal(allowed('ports/store.ts', '../core/model/task.ts', true), true);
    assert.equal(allowed('ports/store.ts', '../core/model/task.ts'), false);
  });

  it('allows a package with what is below it', () => {
    assert.equal(allowed('client/connect.ts', 'vscode-jsonrpc/node'), true);
    assert.equal(allowed('client/connect.ts', 'vscode-jsonrpc-other'), false);
  });
});
