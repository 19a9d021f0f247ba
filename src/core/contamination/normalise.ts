import { magnitudeOf, magnitudeWords, numberWords, numeral } from '../verify/numerals.ts';

/** Letters of scripts that set no blanks between words: each of them counts as a word. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/**
 * What is a word by itself: a number; letters; a sign of calculation before what is calculated with; a bracket beside such a sign, since it says what is done first; any
 * other sign of a quantity or relation. Every other punctuation falls away.
 */
const words = new RegExp([
  String.raw`(?<![\p{L}\p{Nd}.])\.\p{Nd}+`, String.raw`\p{Nd}+(?:\.\p{Nd}+)*`, String.raw`[\p{L}\p{M}]+`,
  String.raw`[-*/](?= ?-? ?(?:[\p{Nd}([{$\\]|\.\p{Nd}|\p{L}(?![\p{L}\p{M}])))`, String.raw`(?<=[-+*/^] ?)[([]|[)\]](?= ?[-+*/^])`, String.raw`[%^\p{Sc}\p{Sm}\p{So}]`,
].join('|'), 'gu');

/** One way to write what can be written in several; what is plain already costs nothing. */
function plainForm(text: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text;
  return text
    // to the normal form a power and a fraction would be digits of the number before them
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, power => `^${[...power].map(digit => superscripts.indexOf(digit)).join('')}`)
    .replace(/[₀-₉¼-¾⅐-⅞↉]/g, ' $&')
    .replace(/[´‘’‚‛′ʹʼ＇`]/g, "'")
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\p{Pd}−]/gu, '-')
    .replace(/[×⋅·∙✕]/g, '*')
    .replace(/[÷∕⁄]/g, '/')
    .replace(unspaced, ' $& ');
}

const [anyNumber, anyMagnitude, end] = [numberWords.join('|'), magnitudeWords.join('|'), String.raw`(?![\p{L}\p{M}])`];
/** Words of numbers with nothing but a blank or a hyphen between them; `twenty, five` are two. */
const numeralRun = new RegExp(String.raw`(?<![\p{L}\p{M}])(?:${anyNumber})(?:[ -](?:and )?(?:${anyNumber}|${anyMagnitude}))*${end}`, 'gu');
const everyMagnitude = new RegExp(anyMagnitude, 'g');
const multiplied = new RegExp(String.raw`(?<![\p{Nd}.,])(\d+)((?:[ -]*(?:${anyMagnitude})s?)+)${end}`, 'gu');

/** `numeral` reads no more words at once. */
const mostRead = 16;

/** The numbers of a run of their words: `two and twenty-five` are two of them. */
function digitsOfRun(run: string): string {
  const [words, read] = [run.split(/[ -]/), [] as string[]];
  for (let at = 0; at < words.length;) {
    const next = words.slice(at, at + mostRead);
    const number = numeral(next.join(' '));
    read.push(number?.digits ?? next[0] ?? '');
    at += number ? next.length - (number.rest === '' ? 0 : number.rest.split(' ').length) : 1;
  }
  return ` ${read.join(' ')} `;
}

const withZeros = (digits: string, words: string): string => `${digits}${words.match(everyMagnitude)?.map(word => String(magnitudeOf(word) ?? '').slice(1)).join('') ?? ''}`;

/** By way of capitals, in which `ß` and `ss`, and the two forms of the small sigma, are the same. */
const foldedCase = (text: string): string => text.toUpperCase().toLowerCase();

/**
 * What a question says, so that two that are written differently can be compared: words in one case, split by one blank each. Blanks, quotes, dashes and other punctuation,
 * invisible characters and the many ways in which Unicode writes a character make no difference; numbers and signs of calculation do. English words for a number are
 * its digits, and thousands are written without commas. Each letter of a script without blanks is a word.
 *
 * @returns empty for a text without any word
 */
export function normalisedText(text: string): string {
  const plain = foldedCase(plainForm(text))
    .replace(/\s+/g, ' ')
    .replace(/(?<=\p{L})'(?=\p{L})/gu, '')
    .replace(/(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d|,\d)/g, number => number.replaceAll(',', ''))
    .replace(numeralRun, digitsOfRun)
    .replace(multiplied, (_, digits: string, by: string) => withZeros(digits, by));
  return (plain.match(words) ?? []).map(word => (word.startsWith('.') ? `0${word}` : word)).join(' ');
}

/** The words of a normalised text. */
export const wordsOf = (normalised: string): readonly string[] => (normalised === '' ? [] : normalised.split(' '));

/** Whether a word is a number or a sign of calculation: two tasks that differ in one of those are not the same task, whatever else they say. */
export const isFigure = (word: string): boolean => /^[\p{Nd}\-+*/^<>]/u.test(word);
