import * as fc from 'fast-check';

/** Values for every variable of a structure prompt, with texts that try to be taken for template. */
export interface TemplateCase {
  readonly body: string;
  readonly partial: string;
  readonly variables: {
    readonly task: { readonly question: string; readonly answerKind: string };
    readonly structure: { readonly text: string; readonly steps: readonly string[] };
    readonly hint?: { readonly answer: string };
  };
}

const blanks = fc.constantFrom('', '', ' ', '  ', '\t', '\n', '\n', '\n\n', '\r\n', '\r', ' \n ', '\u00a0', '\u2003', '\x0b', '\x1c', '\x85', '\ufeff', '\u2028');
const words = fc.constantFrom('Plan', 'a', '\\boxed{}', '}', '}}', '%}', '#}', '{ {', '-', '💡', 'é', '{x}', '"', '\'', '---', '$\\frac{1}{2}$', '-}', '#', '%', '{{"{{"}}', '{{ "{%" }}');
const inline = fc.constantFrom(' ', '', '  ', '\t', '\n');
const hostile = fc.oneof(
  fc.string({ maxLength: 12 }), fc.string({ unit: fc.nat(0xffff).map(unit => String.fromCharCode(unit)), maxLength: 8 }),
  fc.constantFrom('', '{{ task.question }}', '{% raw %}', '{# x #}', ' x \n', '\x1f x\x85', '\ufeffx', 'ΑΣ ß İ ŉ', '👩‍👩‍👧 é', '\n', 'a\r\nb', '{{', '%}', '\u2028 a'),
).filter(text => text.isWellFormed());

const literal = fc.constantFrom('"x"', '\'y\'', '"a\\nb"', '"\\\\ \\" \\t"', '"}}"', '"{{ x }}"', '"é💡"', '""', '"%}"', '"#}"');
type Scope = 'top' | 'loop';

const texts = (scope: Scope): fc.Memo<string> => {
  const memo: fc.Memo<string> = fc.memo(depth => {
    const leaf = fc.oneof(fc.constantFrom('task.question', 'task.answerKind', 'structure.text', ...(scope === 'loop' ? ['step'] : [])), literal);
    if (depth <= 1) return leaf;
    const inner = memo(depth - 1);
    return fc.oneof(
      leaf,
      fc.tuple(inner, fc.constantFrom('trim', 'upper', 'lower', 'default("d")', 'default("d", true)', 'default( \'e\' , false )', 'replace("a", "b{{")', 'replace("x","")')).map(([value, filter]) => `${value} | ${filter}`),
      fc.constantFrom('join', 'join(", ")', 'join("\\n")').map(filter => `structure.steps|${filter}`),
      fc.tuple(inner, fc.constantFrom('and', 'or'), inner).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
      inner.map(value => `( ${value} )`),
    );
  });
  return memo;
};
const numbers = (scope: Scope) => fc.constantFrom('0', '7', '120', 'structure.steps | length', 'task.question|length', '"a💡"|length', ...(scope === 'loop' ? ['loop.index', 'loop.index0', 'loop.length'] : []));
const conditions = (scope: Scope): fc.Memo<string> => {
  const [text, number] = [texts(scope)(2), numbers(scope)];
  const memo: fc.Memo<string> = fc.memo(depth => {
    const leaf = fc.oneof(
      text, fc.constantFrom('hint', 'task', 'structure.steps', 'true', 'False', 'hint is defined', 'hint is not defined', 'hint is undefined', 'task.question is defined', ...(scope === 'loop' ? ['loop.first', 'loop.last'] : [])), number,
      fc.tuple(text, fc.constantFrom('==', '!='), text).map(parts => parts.join(' ')),
      fc.tuple(number, fc.constantFrom('==', '!='), number).map(parts => parts.join('')),
      fc.constantFrom('hint and hint.answer == "x"', 'hint is defined == true', 'not hint or hint.answer|trim != ""'),
    );
    if (depth <= 1) return leaf;
    const inner = memo(depth - 1);
    return fc.oneof(
      leaf,
      inner.map(value => `not ${value}`),
      fc.tuple(inner, fc.constantFrom('and', 'or'), inner).map(parts => parts.join(' ')),
      inner.map(value => `(${value})`),
    );
  });
  return memo;
};

const sign = fc.constantFrom('', '', '', '-', '+');
const closeSign = fc.constantFrom('', '', '', '-');
const statement = (inside: fc.Arbitrary<string>) => fc.tuple(sign, inside, sign, inline).map(([open, code, close, gap]) => `{%${open}${gap} ${code} ${gap}${close}%}`);
const output = (scope: Scope) => fc.tuple(sign, fc.oneof(texts(scope)(3), numbers(scope)), closeSign, inline).map(([open, code, close, gap]) => `{{${open}${gap}${open === '' && gap === '' ? ' ' : ''}${code} ${close}}}`);
const comment = fc.tuple(sign, fc.constantFrom('', ' note ', '{{ x }}', '\n two\n lines ', '{% if %}', '-', ' + '), sign).map(([open, note, close]) => `{#${open}${note}${close}#}`);

const shadowing = fc.constantFrom(
  '{% for task in structure.steps %}{{ task }}{{ loop.index }}{% endfor %}{{ task.question }}',
  '{% for structure in structure.steps %}{{ structure|length }}{% endfor %}{{ structure.text }}',
  '{% for a in structure.steps %}{% for a in structure.steps %}{{ loop.index }}{{ a }}{% endfor %}{{ loop.index }}{{ a }}{% endfor %}',
  '{% for hint in structure.steps %}{% if hint %}{{ hint }}{% endif %}{% endfor %}{% if hint %}{{ hint.answer }}{% endif %}',
);

const nodes = (scope: Scope): fc.Memo<string> => {
  const condition = conditions(scope)(2);
  const memo: fc.Memo<string> = fc.memo(depth => {
    const leaf = fc.oneof({ weight: 3, arbitrary: words }, { weight: 4, arbitrary: blanks }, { weight: 2, arbitrary: output(scope) }, comment);
    if (depth <= 1) return fc.array(leaf, { maxLength: 5 }).map(parts => parts.join(''));
    const inner = memo(depth - 1);
    const elif = fc.option(fc.tuple(statement(condition.map(code => `elif ${code}`)), inner));
    const ifBlock = fc.tuple(statement(condition.map(code => `if ${code}`)), inner, elif, fc.option(fc.tuple(statement(fc.constant('else')), inner)), statement(fc.constant('endif')))
      .map(([open, body, second, otherwise, close]) => `${open}${body}${second?.join('') ?? ''}${otherwise?.join('') ?? ''}${close}`);
    const forBlock = fc.tuple(statement(fc.constantFrom('for step in structure.steps', 'for step in (structure.steps)')), nodes('loop')(depth - 1), statement(fc.constant('endfor'))).map(parts => parts.join(''));
    return fc.array(fc.oneof({ weight: 4, arbitrary: leaf }, ifBlock, forBlock, shadowing), { maxLength: 6 }).map(parts => parts.join(''));
  });
  return memo;
};

const include = statement(fc.constant('include "partials/p.rgprompt"'));
const spaces = fc.constantFrom('', '\n', '\n\n', '\r\n', ' ', 'end');

/** Random templates of the prompt language, most of which pass the checker, with hostile values for their variables. */
export const templateCase: fc.Arbitrary<TemplateCase> = fc.record({
  body: fc.tuple(fc.array(fc.oneof({ weight: 5, arbitrary: nodes('top')(3) }, include), { maxLength: 4 }), spaces).map(([parts, end]) => `${parts.join('')}${end}`),
  partial: fc.tuple(nodes('top')(2), spaces).map(parts => parts.join('').replace(/^\ufeff+/, '')),
  variables: fc.record({
    task: fc.record({ question: hostile, answerKind: fc.constantFrom('number', 'choice', '') }),
    structure: fc.record({ text: hostile, steps: fc.array(hostile, { maxLength: 3 }) }),
    hint: fc.record({ answer: hostile }),
  }, { requiredKeys: ['task', 'structure'] }),
});

/** The same of the choose stage, whose variable is a list of groups. */
export interface RecordCase {
  readonly body: string;
  readonly variables: {
    readonly task: { readonly question: string; readonly answerKind: string };
    readonly guidelines: readonly { readonly id: string; readonly text: string }[];
  };
}

/** @param loops variables of the loops around, the innermost last */
const recordNodes = (loops: readonly string[], depth: number): fc.Arbitrary<string> => {
  const text = fc.constantFrom('task.question', '"simplify"', ...loops.flatMap(name => [`${name}.id`, `${name}.text`]));
  const filtered = fc.tuple(text, fc.constantFrom('', ' | trim', '|upper', ' | replace("i", "{{")', ' | default("d", true) | lower')).map(parts => parts.join(''));
  const number = fc.constantFrom('1', 'guidelines | length', 'task.question|length', ...(loops.length > 0 ? ['loop.index', 'loop.index0', 'loop.length'] : []));
  const condition = fc.oneof(
    fc.constantFrom('guidelines', 'task', 'guidelines is defined', ...loops, ...loops.map(name => `not ${name}.text`), ...(loops.length > 0 ? ['loop.first', 'not loop.last', 'loop.first and loop.last'] : [])),
    fc.tuple(text, fc.constantFrom('==', '!='), text).map(parts => parts.join(' ')), fc.tuple(number, fc.constantFrom('==', '!='), number).map(parts => parts.join(' ')),
  );
  const written = fc.tuple(sign, fc.oneof(filtered, number), closeSign).map(([open, code, close]) => `{{${open} ${code} ${close}}}`);
  const leaf = fc.oneof({ weight: 2, arbitrary: words }, { weight: 4, arbitrary: blanks }, { weight: 4, arbitrary: written }, comment);
  if (depth === 0) return fc.array(leaf, { maxLength: 4 }).map(parts => parts.join(''));
  const inner = recordNodes(loops, depth - 1);
  const ifBlock = fc.tuple(statement(condition.map(code => `if ${code}`)), inner, fc.option(fc.tuple(statement(condition.map(code => `elif ${code}`)), inner)), statement(fc.constant('else')), inner, statement(fc.constant('endif')))
    .map(([open, body, elif, otherwise, other, close]) => [open, body, ...(elif ?? []), otherwise, other, close].join(''));
  const loopOf = (name: string) => fc.tuple(statement(fc.constantFrom(`for ${name} in guidelines`, `for ${name} in (guidelines)`)), recordNodes([...loops, name], depth - 1), statement(fc.constant('endfor'))).map(parts => parts.join(''));
  const loop = loops.length < 3 ? fc.oneof(loopOf('g'), loopOf(`g${loops.length}`)) : leaf;
  return fc.array(fc.oneof({ weight: 2, arbitrary: leaf }, ifBlock, { weight: 2, arbitrary: loop }), { maxLength: 4 }).map(parts => parts.join(''));
};

/** Random templates with loops in loops over a list of groups, most of which pass the checker. */
export const recordCase: fc.Arbitrary<RecordCase> = fc.record({
  body: recordNodes([], 4),
  variables: fc.record({
    task: fc.record({ question: hostile, answerKind: fc.constant('number') }),
    guidelines: fc.array(fc.record({ id: fc.constantFrom('simplify', 'reflect'), text: hostile }), { maxLength: 3 }),
  }),
});
