import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Range } from '../core/prompts/problem.ts';
import type { IfBranch, TemplateNode } from '../core/prompts/syntax.ts';
import { rangeOfNode } from '../core/prompts/yamlFile.ts';
import type { PromptDocument } from './documents.ts';
import { readPrompt } from './readPrompts.ts';
import { itemsOf, valueAt, writtenRange, yamlOf } from './readYaml.ts';

/** The outline of a file: of a prompt its head, blocks and includes; of a recipe its keys; of a file of guidelines their ids. */
export function documentSymbols(document: PromptDocument): readonly DocumentSymbol[] {
  const outline = new Outline(document);
  switch (document.kind) {
    case 'prompt':
    case 'partial': return outline.prompt();
    case 'recipe': return outline.keys(yamlOf(document)?.contents, { start: 0, end: document.source.text.length });
    case 'guidelines': return outline.guidelines();
  }
}

/** What a symbol has besides its places. */
interface Entry {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly detail?: string | undefined;
  readonly children?: readonly DocumentSymbol[];
}

class Outline {
  readonly #document: PromptDocument;

  constructor(document: PromptDocument) {
    this.#document = document;
  }

  prompt(): readonly DocumentSymbol[] {
    const { head, body, nodes } = readPrompt(this.#document);
    const whole = { start: 0, end: body.start };
    const ofHead = head && body.start > head.stageRange.start
      ? [this.#symbol(whole, head.stageRange, { name: 'Front matter', kind: SymbolKind.Namespace, detail: head.frontMatter?.stage })]
      : [];
    return [...ofHead, ...this.#blocks(nodes)];
  }

  /** The keys of a group of YAML, with those inside it. In broken YAML a node may reach out of the one around it: editors refuse such symbols. */
  keys(node: unknown, around: Range): readonly DocumentSymbol[] {
    if (!isMap(node)) return [];
    return node.items.flatMap(({ key, value }) => {
      const range = rangeOfNode(key);
      if (!range || range.start < around.start || range.end > around.end) return [];
      const whole = { start: range.start, end: Math.min(around.end, Math.max(range.end, writtenRange(this.#document, value)?.end ?? 0)) };
      const children = this.keys(value, whole);
      const kind = isMap(value) ? SymbolKind.Module : isSeq(value) ? SymbolKind.Array : SymbolKind.Property;
      return [this.#symbol(whole, range, { name: nameOr(wordOf(key), 'key'), kind, detail: detailOf(value), children })];
    });
  }

  guidelines(): readonly DocumentSymbol[] {
    return itemsOf(valueAt(yamlOf(this.#document)?.contents, ['guidelines'])).flatMap(item => {
      const id = valueAt(item, ['id']);
      const [range, selection] = [writtenRange(this.#document, item), rangeOfNode(id)];
      if (!range || !selection || selection.end > range.end) return [];
      return [this.#symbol(range, selection, { name: nameOr(wordOf(id), 'id'), kind: SymbolKind.Constant, detail: detailOf(valueAt(item, ['title'])) })];
    });
  }

  #blocks(nodes: readonly TemplateNode[]): readonly DocumentSymbol[] {
    return nodes.flatMap(node => {
      if (node.kind === 'include') return [this.#symbol(node.range, node.nameRange, { name: nameOr(node.name, 'include'), kind: SymbolKind.File })];
      if (node.kind === 'if') return this.#if(node);
      if (node.kind !== 'for') return [];
      const name = node.variable === '' ? 'for' : `for ${node.variable} in ${this.#words(node.list.range)}`;
      return [this.#symbol(node.range, node.variableRange, { name, kind: SymbolKind.Array, children: this.#blocks(node.body) })];
    });
  }

  /** What stands under `elif` and `else` is a symbol inside that of its `if`. */
  #if({ branches: [first, ...others], range }: Extract<TemplateNode, { kind: 'if' }>): readonly DocumentSymbol[] {
    if (!first) return [];
    const later = others.map((branch, index) => this.#branch(branch, others[index + 1]?.tag.start ?? range.end, this.#blocks(branch.body)));
    return [this.#branch(first, range.end, [...this.#blocks(first.body), ...later])];
  }

  #branch({ tag, condition }: IfBranch, end: number, children: readonly DocumentSymbol[]): DocumentSymbol {
    const inside = this.#words(tag).replace(/^\{%[-+]?\s*|\s*[-+]?%\}$/g, '');
    return this.#symbol({ start: tag.start, end }, tag, { name: condition ? inside : nameOr(inside, 'else'), kind: SymbolKind.Boolean, children });
  }

  #words({ start, end }: Range): string {
    return this.#document.source.text.slice(start, end).replace(/\s+/g, ' ');
  }

  #symbol(range: Range, selection: Range, { name, kind, detail, children = [] }: Entry): DocumentSymbol {
    const { rangeOf } = this.#document;
    return { name, kind, range: rangeOf(range), selectionRange: rangeOf(selection), ...(detail === undefined ? {} : { detail }), ...(children.length > 0 ? { children: [...children] } : {}) };
  }
}

/** Editors take no symbol without a name. */
const nameOr = (name: string, otherwise: string): string => (name.trim() === '' ? otherwise : name);

/** What a node of YAML says; nothing for one that is no text, number, true or false. */
const wordOf = (node: unknown): string => (isScalar(node) && ['string', 'number', 'boolean'].includes(typeof node.value) ? String(node.value) : '');

const longestDetail = 60;

function detailOf(value: unknown): string | undefined {
  const texts = isSeq(value) ? value.items : [value];
  const words = texts.map(each => wordOf(each).replace(/\s+/g, ' ').trim()).filter(word => word !== '').join(', ');
  if (words === '') return undefined;
  return words.length > longestDetail ? `${words.slice(0, longestDetail).trimEnd()}…` : words;
}
