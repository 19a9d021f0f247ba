import type { EvaluationChoices } from '../../contract/evaluation.ts';
import type { EvaluationRule } from '../../core/model/evaluation.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Sampling } from '../../core/model/stage.ts';
import type { SamplingPart } from '../../core/prompts/frontMatter.ts';
import type { LoadedPrompt } from './evaluationPrompt.ts';

/** What several answers to a task are drawn with unless told: what self-consistency is reported with (Wang et al., 2023). */
const samplingTemperature = 0.7;
/** What stands where neither choices nor prompt say anything: greedy, with the limit of the path stage. */
const usualSampling = { temperature: 0, topP: 1, maxTokens: 1_024 };

/** How choices and a prompt together ask. Throws `usage` where several answers would all be the same. */
export function ruleOf({ samples = 1, seed = 0, extraction = 'boxed', limit, ...choices }: Omit<EvaluationChoices, 'models'>, { id, prompt }: Pick<LoadedPrompt, 'id' | 'prompt'>): EvaluationRule {
  const stated = prompt.sampling;
  const sampling = samplingOf({ samples, ...choices }, stated);
  if (samples > 1 && sampling.temperature === 0) throw problemError('usage', `${samples} answers at temperature 0 would be ${samples} times the same. Ask for one, or draw them at a temperature such as ${samplingTemperature}.`, { field: 'temperature' });
  return { promptId: id, sampling, samples, seed, extraction, ...withoutAbsent({ limit }) };
}

/** How answers are drawn: what choices say wins over what the prompt states. */
export function samplingOf({ samples, temperature, maxTokens }: Pick<EvaluationChoices, 'temperature' | 'maxTokens'> & { readonly samples: number }, stated: SamplingPart): Sampling {
  const usual = stated.temperature ?? usualSampling.temperature;
  return {
    temperature: temperature ?? (samples > 1 ? Math.max(usual, samplingTemperature) : usual),
    topP: stated.top_p ?? usualSampling.topP, maxTokens: maxTokens ?? stated.max_tokens ?? usualSampling.maxTokens, stop: stated.stop ?? [],
  };
}
