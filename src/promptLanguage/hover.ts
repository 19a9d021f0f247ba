import { MarkupKind, type Hover, type Position } from 'vscode-languageserver-types';
import { isModelStage } from '../core/model/stage.ts';
import type { Range } from '../core/prompts/problem.ts';
import { readTagTokens, type TagToken } from '../core/prompts/tagTokens.ts';
import { everGiven, isVariableRoot } from '../core/prompts/variables.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { givenTo } from './given.ts';
import { firstLines, inBlock, inCode } from './markdown.ts';
import { readPrompt } from './readPrompts.ts';
import { isInTemplate, isSymbol, isWithin, localsAt, meaningOf, pathAtEnd, tagAt, type LocalVariable, type Tag } from './templatePlace.ts';
import type { PromptWorkspace } from './workspace.ts';
import { filterWords, givenWords, loopWords, operatorWords, statementWords, typeWords, variableWords, type Words } from './words.ts';
import { yamlHoverAt } from './yamlHover.ts';

/** What is said about a place. */
export interface Explained {
  readonly range: Range;
  /** Markdown, paragraph by paragraph. */
  readonly paragraphs: readonly string[];
  /** Full name of a variable of the language, whose value is worth showing. */
  readonly variable?: string;
}

/** Explains what stands at a place. */
export class Hovers {
  readonly #documents: Documents;
  readonly #workspace: Pick<PromptWorkspace, 'project'>;

  constructor(documents: Documents, workspace: Pick<PromptWorkspace, 'project'>) {
    this.#documents = documents;
    this.#workspace = workspace;
  }

  /** With the value of a variable where the project knows one; what it does not know, or fails to tell, is left out. */
  async at(uri: string, position: Position, signal: AbortSignal): Promise<Hover | undefined> {
    const document = this.#documents.get(uri);
    const explained = document && this.#explain(document, document.offsetAt(position));
    if (!explained || signal.aborted) return undefined;
    const value = explained.variable === undefined ? [] : await this.#value(document, explained.variable, signal);
    return { range: document.rangeOf(explained.range), contents: { kind: MarkupKind.Markdown, value: [...explained.paragraphs, ...value].join('\n\n') } };
  }

  #explain(document: PromptDocument, offset: number): Explained | undefined {
    if (!isInTemplate(document, offset)) return yamlHoverAt(this.#documents, document, offset);
    const tag = tagAt(document, offset);
    return tag && explainTag(document, tag, offset);
  }

  async #value(document: PromptDocument, name: string, signal: AbortSignal): Promise<readonly string[]> {
    const { stages } = givenTo(this.#documents, document);
    const lacking = stages.find(each => ![...everGiven(each)].some(root => root === name.split('.', 1)[0]));
    if (lacking) return [`The stage \`${lacking}\` is never given it.`];
    const { project } = this.#workspace;
    const [stage] = stages;
    if (!stage || !isModelStage(stage) || !project) return [];
    try {
      const known = await project.values(document.uri, stage, signal);
      if (!known) return [];
      const values = known.values.filter(value => value.name === name || value.name.startsWith(`${name}.`));
      if (values.length === 0) return [`For the task ${inCode(known.task)} it is not there yet.`];
      return [`For the task ${inCode(known.task)}:`, ...values.flatMap(value => [...(value.name === name ? [] : [inCode(value.name)]), inBlock(value.text)])];
    } catch {
      return []; // the words are worth showing without the value
    }
  }
}

function explainTag(document: PromptDocument, tag: Tag, offset: number): Explained | undefined {
  const { tokens } = readTagTokens(document.source, tag.inner);
  const index = tokens.findIndex(({ kind, range }) => (kind === 'name' || kind === 'string') && isWithin(range, offset));
  const token = tokens[index];
  if (!token) return undefined;
  const statement = tag.kind === 'statement' ? tokens[0]?.text : undefined;
  if (token.kind === 'string') return statement === 'include' && index === 1 ? explainPartial(document, token) : undefined;
  if (statement !== undefined && index === 0) return explainWord(token, statementWords);
  // the variable that a loop makes is there from behind its beginning on
  const from = statement === 'for' && index === 1 ? tag.range.start + 1 : tag.range.start;
  return explainName(tokens.slice(0, index + 1), token, localsAt(readPrompt(document), from));
}

function explainName(words: readonly TagToken[], token: TagToken, locals: readonly LocalVariable[]): Explained | undefined {
  const before = words.slice(0, -1);
  if (isSymbol(before.at(-1), '|')) return explainFilter(token);
  return isOperator(token, before) ? explainWord(token, operatorWords) : explainVariable(pathAtEnd(words), locals);
}

function isOperator({ text }: TagToken, before: readonly TagToken[]): boolean {
  if (isSymbol(before.at(-1), '.') || !Object.hasOwn(operatorWords, text)) return false;
  return !text.endsWith('defined') || before.at(-1)?.text === 'is' || (before.at(-1)?.text === 'not' && before.at(-2)?.text === 'is');
}

const explainWord = ({ range, text }: TagToken, words: Words): Explained | undefined => (Object.hasOwn(words, text) ? { range, paragraphs: [`**${text}**`, words[text] ?? ''] } : undefined);

function explainFilter({ text, range }: TagToken): Explained | undefined {
  const words = Object.hasOwn(filterWords, text) ? filterWords[text] : undefined;
  if (!words) return undefined;
  const { usage, operand, meaning, example: [template, result] } = words;
  return { range, paragraphs: [`**${text}** · filter of a ${operand === 'texts' ? 'list of texts' : operand}`, `\`${usage}\``, meaning, `\`${template}\` → \`${result}\``] };
}

function explainPartial({ folder }: PromptDocument, { text, range }: TagToken): Explained {
  const found = folder.files.get(text);
  if (found === undefined) return { range, paragraphs: [`There is no partial ${inCode(text)}.`] };
  return { range, paragraphs: [`The partial ${inCode(text)}`, inBlock(firstLines(found))] };
}

function explainVariable(path: readonly TagToken[], locals: readonly LocalVariable[]): Explained | undefined {
  const names = path.map(({ text }) => text);
  const [first, last] = [path[0], path.at(-1)];
  const found = meaningOf(names, locals);
  if (!found || !first || !last) return undefined;
  const range = { start: first.range.start, end: last.range.end };
  const name = names.join('.');
  const title = `**${name}** · ${typeWords(found.type)}`;
  const meaning = variableWords[found.origin] ?? loopWords[found.origin];
  if (found.local || !isVariableRoot(first.text)) return { range, paragraphs: [`${title} of a loop`, ...(meaning === undefined ? [] : [meaning])] };
  return { range, paragraphs: [title, meaning ?? '', givenWords(first.text)], variable: name };
}
