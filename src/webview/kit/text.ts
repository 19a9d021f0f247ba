// How texts of somebody else are shown. Knows no DOM.

/** Control characters but for tab and line ends, those that turn the direction of writing, and those of no width; not the joiners that scripts and emoji need. */
const unseen = /(?![\t\n\r])[\p{Cc}\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** A text with what cannot be seen written out, such as `‹U+202E›`: nobody can hide in it what a model is trained on. */
export const visible = (text: string): string => text.replaceAll(unseen, character => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`);
