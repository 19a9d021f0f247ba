import { fileKindOf, promptEnding, recipeNameOf } from '../core/model/promptFile.ts';
import { callStages } from '../core/model/stage.ts';
import { nearestName } from '../core/prompts/nearest.ts';
import type { PromptProblemCode } from '../core/prompts/problem.ts';
import type { TemplateNode } from '../core/prompts/syntax.ts';
import { guidelineIdPattern } from '../core/recipes/guidelines.ts';
import { recipeNames } from '../core/recipes/recipeFile.ts';
import type { Fix, FixInput } from './codeActions.ts';
import type { PromptDocument } from './documents.ts';
import { guidelinesIn } from './namedParts.ts';
import { readPrompt } from './readPrompts.ts';
import { inFilterOrder, withoutItem, withoutKey } from './yamlFixes.ts';

/** Every way there is to mend a finding; the best comes first. */
export const fixes = (input: FixInput): readonly Fix[] => (byCode[input.code]?.(input) ?? []).filter(fix => fix.edits.length > 0);

type Fixer = (input: FixInput) => readonly Fix[];

const change: Fixer = input => (input.wanted === undefined || input.wanted === input.text ? [] : [changeTo(input.wanted, input)]);
const changeTo = (text: string, { range, quote }: FixInput): Fix => ({ title: `Change to ${text}`, edits: [{ range, text: `${quote}${text}${quote}` }] });
const changeOrRemove: Fixer = input => [...change(input), { title: `Remove ${input.text}`, edits: withoutKey(input.document, input.range) }];

const byCode: { readonly [Code in PromptProblemCode]?: Fixer } = {
  'frontmatter.missing': addFrontMatter,
  'frontmatter.unclosed': closeFrontMatter,
  'frontmatter.invalid': change,
  'frontmatter.unknown-key': changeOrRemove,
  'recipe.invalid': change,
  'recipe.unknown-key': changeOrRemove,
  'guideline.unknown-key': changeOrRemove,
  'sampling.out-of-range': change,
  'output.no-box': input => [{ title: 'Ask for the answer in \\boxed{}', edits: [atEnd(input.document, 'End with the final answer in \\boxed{}.')] }],
  'variable.unknown': change,
  'variable.forbidden': change,
  'variable.missing': addVariable,
  'variable.optional': askFirst,
  'block.unclosed': close,
  'block.unexpected': ({ range, text }) => [{ title: `Remove ${text}`, edits: [{ range, text: '' }] }],
  'construct.unsupported': changeStatement,
  'type.mismatch': change,
  'filter.unknown': change,
  'partial.unknown': changePartial,
  'recipe.not-found': changeRecipe,
  'recipe.filters': ({ document }) => [{ title: 'Put the filters in order', edits: inFilterOrder(document) }],
  'recipe.prompt': changePrompt,
  'recipe.guidelines': input => (input.wanted === undefined ? [{ title: `Remove ${input.text}`, edits: withoutItem(input.document, input.range) }] : change(input)),
  'guideline.duplicate': renameGuideline,
};

function addFrontMatter({ document, range }: FixInput): readonly Fix[] {
  const end = lineEndOf(document);
  const name = document.path.slice(document.path.lastIndexOf('/') + 1);
  const stages = callStages.filter(stage => name.startsWith(stage));
  return (stages.length > 0 ? stages : callStages).map(stage => ({ title: `Add front matter of the ${stage} stage`, edits: [{ range: { start: range.start, end: range.start }, text: ['---', `stage: ${stage}`, '---', ''].join(end) }] }));
}

/** The end is put before the first line that is no YAML of a head. */
function closeFrontMatter({ document }: FixInput): readonly Fix[] {
  const { text } = document.source;
  const end = lineEndOf(document);
  const line = /(?:\r\n?|\n)(?!(?:[ \t]|#|-|[\w"']+[ \t]*:|[\]}]|\r|\n))/g;
  line.lastIndex = Math.max(0, text.indexOf('---')) + 3;
  const found = line.exec(text);
  const title = 'Add --- at the end of the front matter';
  if (!found || line.lastIndex >= text.length) return [{ title, edits: [{ range: { start: text.length, end: text.length }, text: `${/[\r\n]$/.test(text) ? '' : end}---${end}` }] }];
  return [{ title, edits: [{ range: { start: line.lastIndex, end: line.lastIndex }, text: `---${end}` }] }];
}

function addVariable({ document, wanted }: FixInput): readonly Fix[] {
  if (wanted === undefined) return [];
  const end = lineEndOf(document);
  const text = wanted === 'guidelines' ? ['{% for guideline in guidelines %}', '{{ guideline.id }}: {{ guideline.text }}', '{% endfor %}'].join(end)
    : wanted === 'hint.answer' ? ['{% if hint %}', 'The known answer is {{ hint.answer }}.', '{% endif %}'].join(end) : `{{ ${wanted} }}`;
  return [{ title: `Add ${wanted}`, edits: [atEnd(document, text)] }];
}

/** Puts `if` around what is written out. In a condition, and in a loop's list, only the author knows what shall happen otherwise. */
function askFirst({ document, range, wanted }: FixInput): readonly Fix[] {
  const output = nodesOf(document).find(node => node.kind === 'output' && node.range.start <= range.start && range.end <= node.range.end);
  if (!output || wanted === undefined) return [];
  const { start, end } = output.range;
  return [{ title: `Ask {% if ${wanted} %} first`, edits: [{ range: { start, end: start }, text: `{% if ${wanted} %}` }, { range: { start: end, end }, text: '{% endif %}' }] }];
}

const tagEnds: Readonly<Record<string, string>> = { '{{': ' }}', '{%': ' %}', '{#': ' #}' };

function close({ document, range, text }: FixInput): readonly Fix[] {
  const kind = /^\{%[-+]?\s*(if|for)\b[^]*%\}$/.exec(text)?.[1];
  if (kind !== undefined) {
    const block = nodesOf(document).find(node => node.kind === kind && node.range.start === range.start);
    return block ? [{ title: `Add {% end${kind} %}`, edits: [lineBefore(document, block.range.end, `{% end${kind} %}`)] }] : [];
  }
  const end = tagEnds[text.slice(0, 2)];
  return end === undefined ? [] : [{ title: `Add${end}`, edits: [{ range: { start: range.end, end: range.end }, text: end }] }];
}

function changeStatement({ range, text, wanted }: FixInput): readonly Fix[] {
  const tag = /^(\{%[-+]?\s*)(\w+)/.exec(text);
  if (!tag || wanted === undefined) return [];
  const start = range.start + (tag[1] ?? '').length;
  return [{ title: `Change to ${wanted}`, edits: [{ range: { start, end: start + (tag[2] ?? '').length }, text: wanted }] }];
}

function changePartial(input: FixInput): readonly Fix[] {
  const partials = [...input.document.folder.files.keys()].filter(file => fileKindOf(file) === 'partial');
  return nearestFile(input.text, partials).map(file => changeTo(file, input));
}

/** A recipe that would extend itself is well named: only its author knows what it shall extend. */
function changeRecipe(input: FixInput): readonly Fix[] {
  const { document: { folder, path }, text } = input;
  const names = recipeNames(folder.files);
  if (names.includes(text)) return [];
  const nearest = nearestName(text, names.filter(name => name !== recipeNameOf(path)));
  return nearest === undefined ? [] : [changeTo(nearest, input)];
}

function changePrompt(input: FixInput): readonly Fix[] {
  const { document, text } = input;
  if (!text.endsWith(promptEnding)) return change(input); // the stage of a prompt that is asked at another
  const files = [...document.folder.files.keys()].filter(file => fileKindOf(file) === 'prompt');
  const known = text.includes('/') ? files : [...new Set(files.map(baseName))];
  return nearestFile(text, known).map(file => changeTo(file, input));
}

function renameGuideline(input: FixInput): readonly Fix[] {
  const { document, text } = input;
  if (!guidelineIdPattern.test(text)) return []; // the finding is of an older text
  const taken = new Set(guidelinesIn(document.folder).map(({ id }) => id));
  const id = Array.from('bcdefghijklmnopqrstuvwxyz').map(letter => `${text}-${letter}`).find(each => !taken.has(each));
  return id === undefined ? [] : [changeTo(id, input)];
}

const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** The file whose name is nearest, without the folder and the ending, which all have in common. */
function nearestFile(name: string, files: readonly string[]): readonly string[] {
  const plain = (file: string) => baseName(file).replace(/\.rgprompt$/, '');
  const nearest = nearestName(plain(name), files.map(plain));
  return files.filter(file => plain(file) === nearest && file !== name).slice(0, 1);
}

const lineEndOf = ({ source: { text } }: PromptDocument): string => /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';

/** A line of its own behind all that stands in a file. */
function atEnd(document: PromptDocument, line: string): Fix['edits'][number] {
  const { text } = document.source;
  const end = lineEndOf(document);
  return { range: { start: text.length, end: text.length }, text: `${text === '' || /[\r\n]$/.test(text) ? '' : end}${line}${end}` };
}

/** A line of its own before a tag that begins a line, else the text just before it. */
function lineBefore(document: PromptDocument, at: number, line: string): Fix['edits'][number] {
  const { text } = document.source;
  if (at >= text.length) return atEnd(document, line);
  const before = /(?:^|[\r\n])[ \t]*$/.exec(text.slice(Math.max(0, at - 200), at));
  const start = before ? at - before[0].replace(/^[\r\n]/, '').length : at;
  return { range: { start, end: start }, text: `${line}${before ? lineEndOf(document) : ''}` };
}

/** Every node of the file, those inside blocks too. */
const nodesOf = (document: PromptDocument): readonly TemplateNode[] => flat(readPrompt(document).nodes);

function flat(nodes: readonly TemplateNode[]): readonly TemplateNode[] {
  return nodes.flatMap(node => [node, ...(node.kind === 'if' ? flat(node.branches.flatMap(branch => branch.body)) : node.kind === 'for' ? flat(node.body) : [])]);
}
