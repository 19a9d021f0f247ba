import { InsertTextFormat, InsertTextMode, MarkupKind, type CompletionItem, type CompletionItemKind } from 'vscode-languageserver-types';
import type { Range } from '../core/prompts/problem.ts';
import type { PromptDocument } from './documents.ts';

/** Something that may be written at a place. */
export interface Candidate {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** Stands beside the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly meaning: string;
  /** Where it is other than the label. */
  readonly text?: string;
  /** The same with places to fill in, for what is no plain text. */
  readonly snippet?: string;
  /** The smaller, the sooner; candidates of one rank stay in their order. 5 where it is absent. */
  readonly rank?: number;
}

/** Candidates as an editor takes them: each takes the place of `range`, which lies on one line. */
export function completionItems(document: PromptDocument, range: Range, candidates: readonly Candidate[]): readonly CompletionItem[] {
  const place = document.rangeOf(range);
  return candidates.map(({ label, kind, detail, meaning, text = label, snippet, rank = 5 }, index) => ({
    label, kind,
    ...(detail === undefined ? {} : { detail }),
    documentation: { kind: MarkupKind.Markdown, value: meaning },
    sortText: `${rank}${String(index).padStart(3, '0')}`,
    filterText: label,
    textEdit: { range: place, newText: snippet ?? text },
    ...(snippet === undefined ? {} : { insertTextFormat: InsertTextFormat.Snippet, insertTextMode: InsertTextMode.adjustIndentation }),
  }));
}

/** A text as a snippet takes it literally. */
export const literally = (text: string): string => text.replace(/[\\$}]/g, '\\$&');
