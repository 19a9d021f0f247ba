import { isScalar } from 'yaml';
import { modelStages, type ModelStage } from '../core/model/stage.ts';
import type { Range, Source } from '../core/prompts/problem.ts';
import { rangeOfNode } from '../core/prompts/yamlFile.ts';
import { namedPrompt, promptsOfStage } from '../core/recipes/promptPlaces.ts';
import type { RecipeText } from '../core/recipes/recipeFile.ts';
import type { PromptDocument } from './documents.ts';
import { mention, type Mention } from './mentions.ts';
import { itemsOf, rangeOfKey, valueAt, yamlOf } from './readYaml.ts';

/** The guidelines that a file declares. */
export function guidelineMentions(document: PromptDocument): readonly Mention[] {
  return itemsOf(valueAt(yamlOf(document)?.contents, ['guidelines'])).flatMap(item => {
    const id = valueAt(item, ['id']);
    return textMention(document, 'guideline', id).map(each => ({ ...each, declares: true }));
  });
}

/** What a recipe mentions: as it stands in the document, and put together with what it extends, which says where its prompts are. */
export function recipeMentions(document: PromptDocument, recipe: RecipeText | undefined): readonly Mention[] {
  const root = yamlOf(document)?.contents;
  const guidelineLists = [['guidelines'], ['hints', 'guidelines']].map(path => itemsOf(valueAt(root, path)));
  return [
    ...textMention(document, 'recipe', valueAt(root, ['extends'])),
    ...guidelineLists.flat().flatMap(item => textMention(document, 'guideline', item)),
    ...promptMentionsOf(document, root, recipe),
  ];
}

function promptMentionsOf(document: PromptDocument, root: unknown, recipe: RecipeText | undefined): readonly Mention[] {
  const { files } = document.folder;
  const inFolders = (node: unknown): readonly Mention[] => textMention(document, 'prompt', node).flatMap(each => {
    const { file } = namedPrompt(each.symbol.name, recipe?.folders ?? [], files);
    return file === undefined ? [] : [mention('prompt', file, each.word)];
  });
  const ofStage = (stage: ModelStage, range: Range | undefined): readonly Mention[] =>
    (recipe && range ? promptsOfStage(recipe, stage, files).map(file => mention('prompt', file, range)) : []);
  return [
    ...modelStages.flatMap(stage => {
      const named = valueAt(root, ['stages', stage, 'prompt']);
      return named ? inFolders(named) : ofStage(stage, rangeOfKey(valueAt(root, ['stages']), stage));
    }),
    ...modelStages.flatMap(stage => inFolders(valueAt(root, ['hints', 'prompts', stage]))),
    ...itemsOf(valueAt(root, ['hints', 'stages'])).flatMap(item => {
      const stage = modelStages.find(each => isScalar(item) && item.value === each);
      return stage ? ofStage(stage, rangeOfNode(item)) : [];
    }),
  ];
}

/** A text of YAML as the name of something. Of a quoted text the word is what stands between the quotes. */
function textMention({ source }: PromptDocument, kind: Mention['symbol']['kind'], node: unknown): readonly Mention[] {
  if (!isScalar(node) || typeof node.value !== 'string' || node.value === '') return [];
  const range = rangeOfNode(node);
  return range ? [mention(kind, node.value, wordIn(source, node.value, range))] : [];
}

function wordIn(source: Source, value: string, range: Range): Range {
  const at = source.text.slice(range.start, range.end).lastIndexOf(value);
  return at < 0 ? range : { start: range.start + at, end: range.start + at + value.length };
}
