import { recipePath } from '../core/model/promptFile.ts';
import { modelStages } from '../core/model/stage.ts';
import { isVariableRoot } from '../core/prompts/variables.ts';
import { recipeNames } from '../core/recipes/recipeFile.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { stageOf } from './given.ts';
import type { Explained } from './hover.ts';
import { inBlock, inCode } from './markdown.ts';
import { guidelinesIn, promptNamed } from './namedParts.ts';
import { meaningOf } from './templatePlace.ts';
import { givenWords, keyTables, typeWords, variableWords } from './words.ts';
import { wordsAt, yamlPartOf, yamlPlaceAt, type YamlPlace } from './yamlPlace.ts';

/** Explains a key or value in the head of a prompt, in a recipe or in guidelines. */
export function yamlHoverAt(documents: Documents, document: PromptDocument, offset: number): Explained | undefined {
  const part = yamlPartOf(document);
  const place = part && yamlPlaceAt(document.source.text, part, offset);
  if (!place) return undefined;
  if (place.role === 'value') return explainValue(documents, document, place);
  const words = wordsAt(keyTables[document.kind], place.path);
  return words && { range: place.range, paragraphs: [`**${place.text}**`, words.meaning] };
}

function explainValue(documents: Documents, document: PromptDocument, place: YamlPlace): Explained | undefined {
  const { path, text, range } = place;
  const key = typeof path.at(-1) === 'number' ? path.slice(0, -1) : path;
  const values = wordsAt(keyTables[document.kind], key)?.values ?? {};
  if (Object.hasOwn(values, text)) return { range, paragraphs: [`**${text}**`, values[text] ?? ''] };
  if (document.kind === 'prompt') return key.join('.') === 'variables' ? explainListed(place) : undefined;
  const paragraphs = document.kind === 'recipe' ? namedIn(documents, document, { key: key.join('.'), text }) : undefined;
  return paragraphs && { range, paragraphs };
}

function explainListed({ text, range }: YamlPlace): Explained | undefined {
  const [root = ''] = text.split('.', 1);
  const found = meaningOf(text.split('.'), []);
  if (!found || !isVariableRoot(root)) return undefined;
  return { range, paragraphs: [`**${text}** · ${typeWords(found.type)}`, variableWords[text] ?? '', givenWords(root)], variable: text };
}

/** What a recipe names: a guideline, a prompt, another recipe. */
function namedIn(documents: Documents, document: PromptDocument, { key, text }: { readonly key: string; readonly text: string }): readonly string[] | undefined {
  const { folder } = document;
  if (key === 'guidelines' || key === 'hints.guidelines') {
    const guideline = guidelinesIn(folder).find(({ id }) => id === text);
    return guideline && [`The guideline ${inCode(guideline.id)} · ${inCode(guideline.title)}`, inBlock(guideline.text)];
  }
  if (key === 'extends') return recipeNames(folder.files).includes(text) ? [`The recipe ${inCode(text)}`, inCode(recipePath(text))] : undefined;
  if (!modelStages.some(stage => key === `stages.${stage}.prompt` || key === `hints.prompts.${stage}`)) return undefined;
  const file = promptNamed(text, document);
  const prompt = file === undefined ? undefined : documents.at(folder, file);
  if (file === undefined || !prompt) return [`There is no prompt ${inCode(text)}.`];
  const stage = stageOf(prompt);
  return [`The prompt ${inCode(file)}${stage ? ` of the stage \`${stage}\`` : ''}`];
}
