import assert from 'node:assert/strict';
import fc from 'fast-check';
import { reviewCommands } from '../../../../src/contract/pages/review.ts';
import { rejectReasons } from '../../../../src/core/model/review.ts';
import { answer, escaped, reading, type Mode } from '../../../../src/webview/review/mode.ts';

const front = { path: 'p', note: 'so far', text: 'The path.' };
const rejecting: Mode = { kind: 'reasons', path: 'p' };
const noting: Mode = { kind: 'note', path: 'p', text: 'axxa jj' };
const amending: Mode = { kind: 'amend', path: 'p', text: 'Another path.', before: 'The path.', asking: false };
const decisions = ['accept', 'unsure', 'reject', 'amend', 'note', 'markStep', 'next', 'previous', 'redo', 'compare', 'diff', 'keys', 'save'] as const;
const anyMode = fc.constantFrom(reading, rejecting, noting, amending, { ...amending, asking: true }, { kind: 'keys' } as const);

describe('what a key means', () => {
  it('is nothing while a text is typed, whatever is pressed, and however often', () => {
    const letters = fc.array(fc.constantFrom(...reviewCommands.filter(command => command !== 'save')), { maxLength: 60 });
    fc.assert(fc.property(fc.constantFrom(noting, amending, { ...amending, asking: true }), letters, fc.option(fc.constant(front), { nil: undefined }), (mode, commands, shown) => {
      for (const command of commands) assert.deepEqual(answer(mode, command, shown), { mode });
    }));
  });

  it('is one action when a text is saved, about that text', () => {
    assert.deepEqual(answer(noting, 'save', front), { mode: reading, wish: { kind: 'act', action: { kind: 'annotate', note: 'axxa jj' } } });
    assert.deepEqual(answer(amending, 'save', front), { mode: reading, wish: { kind: 'act', action: { kind: 'amend', text: 'Another path.' } } });
    assert.deepEqual(answer({ ...amending, text: ' \n' }, 'save', front), { mode: { ...amending, text: ' \n' } });
  });

  it('is a reason for one key after a reject, and no other decision', () => {
    assert.deepEqual(answer(reading, 'reject', front), { mode: rejecting });
    const given = rejectReasons.map((_, at) => answer(rejecting, reviewCommands.find(command => command === `reason${at + 1}`) ?? 'accept', front).wish);
    assert.deepEqual(given, rejectReasons.map(reason => ({ kind: 'act', action: { kind: 'reject', reason } })));
    assert.deepEqual(answer(rejecting, 'confirm', front).wish, { kind: 'act', action: { kind: 'reject' } });
    assert.deepEqual(answer(rejecting, 'undo', front), { mode: reading });
    for (const command of decisions) assert.deepEqual(answer(rejecting, command, front), { mode: rejecting });
    assert.deepEqual(answer(rejecting, 'nextDoubt', front).mode, rejecting);
  });

  it('is no reason where nothing was rejected', () => {
    for (const command of ['reason1', 'reason9', 'confirm', 'save'] as const) assert.deepEqual(answer(reading, command, front), { mode: reading });
  });

  it('decides about nothing where no path is shown', () => {
    fc.assert(fc.property(anyMode, fc.constantFrom(...reviewCommands.filter(command => command !== 'save' && command !== 'confirm' && !command.startsWith('reason'))), (mode, command) => {
      const { wish } = answer(mode, command, undefined);
      assert.ok(wish === undefined || wish.kind === 'go' || wish.kind === 'focus' || (wish.kind === 'act' && (wish.action.kind === 'undo' || wish.action.kind === 'redo')), command);
    }));
  });

  it('opens a field with what stands there, and no amendment of what is not all there', () => {
    assert.deepEqual(answer(reading, 'note', front).mode, { kind: 'note', path: 'p', text: 'so far' });
    assert.deepEqual(answer(reading, 'amend', front).mode, { kind: 'amend', path: 'p', text: 'The path.', before: 'The path.', asking: false });
    assert.deepEqual(answer(reading, 'amend', { ...front, text: undefined }), { mode: reading, wish: { kind: 'too-long' } });
  });

  it('is nothing below the sheet of keys but to take it away', () => {
    for (const command of reviewCommands) assert.deepEqual(answer({ kind: 'keys' }, command, front), { mode: command === 'keys' ? reading : { kind: 'keys' } });
  });
});

describe('Escape', () => {
  it('leaves whatever one is in the middle of', () => {
    for (const mode of [rejecting, noting, { kind: 'keys' } as const, { ...amending, text: amending.before }]) assert.deepEqual(escaped(mode), reading);
  });

  it('asks before a changed amendment is lost, and goes back to it when pressed again', () => {
    const asked = escaped(amending);
    assert.deepEqual(asked, { ...amending, asking: true });
    assert.deepEqual(escaped(asked), amending);
  });
});
