import { visible } from './regions.ts';

/** What a step says, as far as it can be compared: words by their stems, numbers by their values (`#12`), what is done (`+add`) and which quantity it is about (`~time`). */
export type StepWords = ReadonlySet<string>;

/** So much of a step is read, a quarter of it at the end; of very many steps less. */
const mostRead = 8_000;
const mostReadInAll = 1_000_000;

/** Words that say nothing about what a step is about. */
const emptyWords = new Set(('a an the this that these those it its he she they them his her their we our us you your i my me one ones two of to in on at by for from with into onto as and or but nor so if then than '
  + 'is are was were be been being am do does did done has have had having will would can could shall should may might must not no there here what which who whom whose when where why how '
  + 'first second third fourth fifth next finally lastly now also just only very each every any all some such same other another both let lets get gets got gives give given giving make makes '
  + 'step steps stage phase need needs find finds determine identify work out use uses using used take takes see look note up down about over under after before again').split(' '));

/** What is done, by the words for it: `Multiply the two` and `3 × 4` do the same. Compared by their stems. */
const acts: Readonly<Record<string, string>> = {
  '+add': 'add addition sum total together altogether combine combined plus join collect',
  '+subtract': 'subtract subtraction minus difference remain remainder leave deduct reduce remove',
  '+multiply': 'multiply multiplication multiplied product twice double triple',
  '+divide': 'divide division quotient ratio share split half halve quarter',
  '+compare': 'compare comparison greater larger smaller longer faster versus exceed',
  '+answer': 'answer conclude conclusion decide decision choose choice pick select report therefore hence letter',
  '+check': 'check verify verification confirm test validate',
  '+power': 'square root power cube',
  '+percent': 'percent percentage',
  '+eliminate': 'eliminate elimination discard exclude reject contradict',
  '+insert': 'insert substitute substitution plug replace',
  '+round': 'round rounded rounding',
  '+order': 'sort order arrange alphabetical',
  '+average': 'average mean',
  '+solve': 'solve solution equation',
  '+integrate': 'integrate integral integration',
  '+derive': 'derive derivative differentiate',
  '+expand': 'expand distribute expansion',
  '+convert': 'convert conversion',
  '+count': 'count counting',
  '+option': 'option alternative candidate',
  '+compute': 'calculate compute calculation computation',
};

/** The same by signs, and by words that only mean it in this form. */
const exactActs: Readonly<Record<string, string>> = {
  '+add': '+ all', '+subtract': '− left away less', '+multiply': '× · * times \\times \\cdot', '+divide': '÷ / \\frac', '+compare': '< > ≥ ≤ \\le \\ge than', '+answer': '\\boxed final finally state present',
  '+power': '√ \\sqrt', '+percent': '%', '+round': '≈ \\approx', '+integrate': '∫ \\int', '+eliminate': 'out drop', '+insert': 'put', '+subtract ': 'rest', '+compute': '=',
};

/** Which quantity a word or a unit is about: `How long is a marathon?` and `42 km` are about a length. */
const quantities: Readonly<Record<string, string>> = {
  '~length': 'length long height tall high distance far width wide depth deep way radius diameter metre meter kilometre kilometer centimetre mile foot feet inch km cm mm m',
  '~time': 'time duration minute hour second day week month min h',
  '~date': 'year date age born birth century old',
  '~speed': 'speed fast velocity quick kmh mph',
  '~money': 'price cost pay wage earn money dollar euro cent fee salary expense spend income profit revenue $ €',
  '~mass': 'mass weight weigh heavy kilogram gram pound kg g',
  '~volume': 'volume litre liter gallon ml l cup',
  '~area': 'area acre hectare',
};

const actTable = (acts: Readonly<Record<string, string>>, keyOf: (word: string) => string) =>
  new Map(Object.entries(acts).flatMap(([act, words]) => words.split(' ').map(word => [keyOf(word), act.trim()] as const)));

const numberWords = new Map(Object.entries({
  zero: '0', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9', ten: '10', eleven: '11', twelve: '12', fifteen: '15', sixteen: '16',
  twenty: '20', thirty: '30', forty: '40', fifty: '50', sixty: '60', hundred: '100', dozen: '12',
}));

const token = /\\boxed\s*\{\s*(?:\\text\s*\{)?\(?[a-h]\)?\s*\}|\b(?:the|his|her|its|their) (?:first|second|third|fourth|fifth)\b|\\?\p{L}[\p{L}\p{M}]*|\d[\d,]*(?:\.\d+)?|[+−×·*÷/<>≤≥≈%√∫=€]|\$(?=\d)|\((?:[a-h])\)|(?<=[\s\d)])-(?=[\s\d(])/gu;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** A word without its ending, so that `multiplied` and `multiplying` are the same. Light: English endings only. */
function stemOf(word: string): string {
  if (word.length <= 3) return word;
  let stem = word.replace(/(?:ies|ied)$/, 'y').replace(/(?:'s|’s)$/, '');
  if (stem === word) stem = word.replace(/(?<=..)(?:sses)$/, 'ss').replace(/(?<=[^su])s$/, '');
  stem = stem.replace(/(?:ations?|ing|ed|ion|ment|ness|ful|ally|ly|able|ible|al|ity|er|or|ance|ence|ive)$/, match => (stem.length - match.length >= 3 ? '' : match));
  stem = stem.replace(/(?<=...)([bdgklmnprt])\1$/, '$1').replace(/(?<=..)[ey]$/, '');
  return stem.length > 9 ? stem.slice(0, 9) : stem;
}

const actOfStem = actTable(acts, stemOf);
const quantityOfStem = actTable(quantities, stemOf);
const actOfWord = actTable(exactActs, word => word);

function numberValue(written: string): string {
  const plain = written.replaceAll(',', '');
  const value = Number(plain);
  return Number.isFinite(value) ? String(value) : plain;
}

/** A number, which may be a year as well. */
const numberKeys = (written: string): readonly string[] => (/^(?:1\d|20)\d\d$/.test(written) ? [`#${written}`, '~date'] : [`#${numberValue(written)}`]);

/** A sign, a LaTeX command, a letter that stands for an option. */
function signKeys(sign: string): readonly string[] {
  if (/^\\boxed./.test(sign)) return ['+answer', '+option'];
  if (sign.startsWith('(')) return ['+option'];
  if (sign === '$' || sign === '€') return ['~money'];
  return [actOfWord.get(sign === '-' ? '−' : sign)].flatMap(act => act ?? []);
}

/** A word: what is done, else its stem, and the quantity that it is about. */
function wordKeys(word: string): readonly string[] {
  if (word.includes(' ')) return [`#${word.slice(word.indexOf(' ') + 1)}`]; // the second of some things, and no `Second, …`
  if (unspaced.test(word)) return [...word];
  const number = numberWords.get(word);
  if (number !== undefined) return [`#${number}`];
  const stem = stemOf(word);
  const act = actOfWord.get(word) ?? actOfStem.get(stem);
  if (act !== undefined) return [act];
  const quantity = quantityOfStem.get(stem);
  return [...(emptyWords.has(word) ? [] : [stem]), ...(quantity === undefined ? [] : [quantity])];
}

/** What one token counts as; none where it says nothing. */
function keysOf(written: string): readonly string[] {
  if (/^\d/.test(written)) return numberKeys(written);
  return /^\p{L}/u.test(written) ? wordKeys(written) : signKeys(written);
}

/** Reads what each of some steps says. */
export function wordsOfAll(texts: readonly string[]): readonly StepWords[] {
  const most = Math.min(mostRead, Math.ceil(mostReadInAll / texts.length));
  const known = new Map<string, readonly string[]>();
  return texts.map(text => {
    const read = text.length > most ? `${text.slice(0, most - most / 4)} ${text.slice(text.length - most / 4)}` : text;
    const said = new Set<string>();
    for (const written of visible(read.normalize('NFKC')).toLowerCase().match(token) ?? []) {
      const keys = known.get(written) ?? keysOf(written);
      known.set(written, keys);
      for (const key of keys) said.add(key);
    }
    return said;
  });
}
