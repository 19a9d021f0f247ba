import * as fc from 'fast-check';

const pieces = fc.constantFrom(
  '{{', '}}', '{%', '%}', '{#', '#}', '{%-', '-%}', '{{ task.question }}', '{{structure.text|trim}}', '{% if hint %}', '{%elif adapted%}', '{% else %}', '{%endif %}', '{% for a in structure.steps %}', '{%for b in a%}',
  '{{ a }}', '{{b.c}}', '{{ loop.index }}', '{% endfor %}', '{% include "partials/p.rgprompt" %}', '{%include""%}', '{% raw %}', '{% endraw %}', '{# note\nof two lines #}', '{% for in %}', '{{ "', '\'', '{{ a b }}', '{{ (a) }}',
  '---', '---\nstage: path\n---\n', 'stage: path', '\n', '\r\n', '\r', ' ', '  ', '\t', 'words', '💡', '\ufeff', '\u2028', '\x85', '\ud800',
);
const yamlPieces = fc.constantFrom(
  'extends: r\n', 'title: R\n', 'guidelines:\n', 'guidelines: [a, "b"]\n', '  - id: a\n', '    title: A\n', '    text: >-\n      folded  \n      text\n', '  - { id: b, title: B, text: c }\n', 'stages:\n', '  path: {}\n',
  '  path: { prompt: path.rgprompt }\n', '  adapt: off\n', 'hints: off\n', 'hints:\n', '  stages: [path]\n', '  prompts: { path: p.rgprompt }\n', '# one  \n', '# two\n', '- ', '[', ']', '{', '}', ':', '&a ', '*a', '? ', '|', '"', '\n', '\r\n', '  ', '\t', '💡', '\ufeff', '---\n', '...\n', '!!str ',
);
const anyUnits = fc.string({ unit: fc.nat(0xffff).map(unit => String.fromCharCode(unit)), maxLength: 20 });
const textOf = (piece: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof({ weight: 5, arbitrary: fc.array(piece, { maxLength: 14 }).map(parts => parts.join('')) }, anyUnits).map(text => text.replace(/[‸⟦⟧]/g, ''));

/** Any text of a prompt, most of them broken. */
export const anyPrompt = textOf(pieces);

/** Any text of YAML, most of them broken. */
export const anyYaml = textOf(yamlPieces);

/** Files of each kind with any text, whose names refer to each other. */
export const anyPromptFiles: fc.Arbitrary<Readonly<Record<string, string>>> = fc.record({
  'r/path.rgprompt': anyPrompt.map(text => `---\nstage: path\n---\n${text}`),
  'r/p.rgprompt': anyPrompt,
  'partials/p.rgprompt': anyPrompt,
  'r/r.rgrecipe.yaml': anyYaml,
  's/s.rgrecipe.yaml': anyYaml.map(text => `extends: r\n${text}`),
  'guidelines/g.yaml': anyYaml,
});
