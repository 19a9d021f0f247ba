import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import type { Answer, WantedCall } from '../../../../src/core/model/answer.ts';
import type { Edit, EditFact } from '../../../../src/core/model/edit.ts';
import type { ModelStage } from '../../../../src/core/model/stage.ts';
import { branchId } from '../../../../src/core/model/ids.ts';
import { isKept } from '../../../../src/core/model/outcome.ts';
import { TaskPlan } from '../../../../src/core/plan/taskPlan.ts';
import { editedFingerprint } from '../../../../src/core/plan/wanted.ts';
import { aContext, aRecipe, aRound, aTask, answersTo } from '../../../support/builders.ts';

const task = aTask();
const context = { ...aContext({ mode: 'all', recipe: aRecipe({ rounds: { 1: aRound({ count: 3 }) }, perTask: 5 }) }), task };

/** A model whose answers say what they were made from, so that every one is another. */
function says({ stage, messages, answers }: WantedCall): string {
  const seen = sha256(JSON.stringify([messages, answers[0]?.seed])).slice(0, 8);
  if (stage === 'structure') return `1. Plan ${seen}\n2. Multiply`;
  return stage === 'path' ? `1. By ${seen}.\n2. It is \\boxed{18}.` : `Mind ${seen}.`;
}

/** A project of one task: everything that was ever answered, and every edit. */
class Project {
  readonly answers: Answer[] = [];
  readonly edits: Edit[] = [];

  /** Builds: asks for what is missing until nothing is. @returns the calls that were made */
  build(): WantedCall[] {
    const calls: WantedCall[] = [];
    const plan = this.plan();
    for (let next = plan.next(); next.length > 0; next = plan.next()) {
      for (const call of next) {
        const given = answersTo(call, [says(call)]).map(answer => ({ ...answer, edited: call.answers[0]?.edited === true }));
        this.answers.push(...given);
        plan.receive(given);
      }
      calls.push(...next);
    }
    assert.ok(plan.settled);
    return calls;
  }

  plan(): TaskPlan {
    const plan = new TaskPlan(context, this.edits);
    plan.receive(this.answers);
    return plan;
  }

  branch(id: string) {
    const found = this.plan().rounds[0]?.branches.find(each => each.id === id);
    assert.ok(found, id);
    return found;
  }

  /** The answer that stands at a stage of a branch. */
  standing(branch: string, stage: Answer['stage']): Answer {
    const answer = [...this.branch(branch).used].findLast(each => each.stage === stage);
    assert.ok(answer);
    return answer;
  }

  edit(branch: string, fact: EditFact): void {
    this.edits.push({ taskId: task.id, round: 1, branch: branchId(branch), atMs: this.edits.length, ...fact });
  }

  write(branch: string, stage: ModelStage, text: string): void {
    const former = this.standing(branch, stage);
    // where an edit stands, its place is that of the answer which the model gave
    const of = this.edits.flatMap(edit => (edit.kind === 'answer' && edit.branch === branch && edit.chosen === former.fingerprint ? [edit.of] : []))[0] ?? former.fingerprint;
    const written: Answer = { ...former, fingerprint: editedFingerprint(former.fingerprint, text, sha256), raw: text, edited: true };
    if (!this.answers.some(each => each.fingerprint === written.fingerprint)) this.answers.push(written);
    this.edit(branch, { kind: 'answer', stage, of, chosen: written.fingerprint });
  }
}

const own = 'guideline:advice-a';
const stagesOf = (calls: readonly WantedCall[]) => calls.map(({ stage, answers }) => `${answers[0]?.branch.slice('guideline:advice-'.length) ?? ''}/${stage}`);

describe('an edit of a branch', () => {
  it('makes what comes after it stale, there and nowhere else, and marks the branch', () => {
    const project = new Project();
    assert.equal(project.build().length, 9);
    project.write(own, 'adapt', 'Mind what I say.');
    assert.deepEqual(stagesOf(project.build()), ['a/structure', 'a/path']);
    assert.deepEqual(project.build(), []);
    const { branches } = project.plan().outcome();
    assert.deepEqual(branches.filter(branch => branch.edited).map(branch => branch.id), [own]);
    assert.ok(branches.every(isKept));
  });

  it('is taken back by choosing the former answer, and chosen again, without a call', () => {
    const project = new Project();
    project.build();
    const before = project.plan().outcome();
    const of = project.standing(own, 'structure').fingerprint;
    project.write(own, 'structure', '1. My own plan');
    assert.deepEqual(stagesOf(project.build()), ['a/path']);
    const edited = project.standing(own, 'structure').fingerprint;
    project.edit(own, { kind: 'answer', stage: 'structure', of, chosen: of });
    assert.deepEqual([project.build(), project.plan().outcome()], [[], before]);
    project.edit(own, { kind: 'answer', stage: 'structure', of, chosen: edited });
    assert.deepEqual(project.build(), []);
    assert.equal(project.branch(own).state?.kind === 'settled' && project.standing(own, 'structure').raw, '1. My own plan');
  });

  it('that cannot be understood loses the branch with the reason, and nothing is drawn in its place', () => {
    const project = new Project();
    project.build();
    project.write(own, 'structure', '   ');
    assert.deepEqual(project.build(), []);
    assert.deepEqual(project.plan().outcome().branches.find(branch => branch.id === own)?.loss, { step: 'stage-structure', reason: 'structure-unusable' });
  });

  it('of a prompt is asked once, marked, and another answer than the recipe’s own', () => {
    const project = new Project();
    project.build();
    let promptOf = '';
    const structure = project.standing(own, 'structure');
    const messages = [{ role: 'user' as const, content: 'Plan it my way.' }];
    project.edit(own, { kind: 'prompt', stage: 'structure', of: structure.fingerprint, messages });
    const calls = project.build();
    promptOf = calls[0]?.answers[0]?.fingerprint ?? '';
    assert.deepEqual([stagesOf(calls), calls[0]?.messages], [['a/structure', 'a/path'], messages]);
    assert.ok(project.answers.find(answer => answer.fingerprint === promptOf)?.edited);
    assert.equal(project.plan().outcome().branches.find(branch => branch.id === own)?.edited, true);
    project.edit(own, { kind: 'prompt', stage: 'structure', of: structure.fingerprint, messages: null });
    assert.deepEqual([project.build(), project.standing(own, 'structure')], [[], structure]);
  });

  it('leaves a fork out of the selection until a person includes it, after all others', () => {
    const project = new Project();
    project.build();
    const before = project.plan().outcome();
    const fork = `${own}~1`;
    project.edit(fork, { kind: 'fork', source: branchId(own), from: 'path', inputs: { adapt: project.standing(own, 'adapt').fingerprint, structure: project.standing(own, 'structure').fingerprint } });
    assert.deepEqual([project.build(), project.plan().outcome()], [[], before]);
    project.edit(fork, { kind: 'include', included: true });
    const calls = project.build();
    assert.deepEqual(calls.map(({ stage, answers }) => [stage, answers[0]?.branch]), [['path', fork]]);
    const after = project.plan().outcome().branches;
    assert.deepEqual([after.length, after.at(-1)?.id, after.at(-1)?.answers.adapt], [4, fork, project.standing(own, 'adapt').fingerprint]);
    // what is edited in the fork is not edited in its source
    project.write(fork, 'adapt', 'Only here.');
    assert.deepEqual(project.build().map(({ stage }) => stage), ['path']);
    assert.deepEqual(project.plan().outcome().branches.filter(branch => branch.edited).map(branch => branch.id), [fork]);
  });

  it('asks only for what is stale after any series of edits, and nothing when built again', () => {
    const act = fc.record({ branch: fc.constantFrom('a', 'b', 'c'), stage: fc.constantFrom('adapt' as const, 'structure' as const, 'path' as const), text: fc.constantFrom('1. One', '1. Two \\boxed{18}', '') });
    fc.assert(fc.property(fc.array(act, { maxLength: 8 }), acts => {
      const project = new Project();
      project.build();
      const known = new Set(project.answers.map(({ fingerprint }) => fingerprint));
      for (const { branch, stage, text } of acts) {
        const id = `guideline:advice-${branch}`;
        if (![...project.branch(id).used].some(answer => answer.stage === stage)) continue;
        project.write(id, stage, text);
        assert.equal(project.standing(id, stage).raw, text);
        const calls = project.build();
        const order = ['adapt', 'structure', 'path'];
        assert.ok(calls.every(call => call.answers[0]?.branch === id && order.indexOf(call.stage) > order.indexOf(stage)), 'only what comes after it, in that branch');
        assert.ok(calls.every(call => call.answers.every(answer => !known.has(answer.fingerprint))), 'nothing is asked twice');
        for (const { fingerprint } of project.answers) known.add(fingerprint);
        assert.deepEqual(project.build(), []);
      }
    }), { numRuns: 60 });
  });
});
